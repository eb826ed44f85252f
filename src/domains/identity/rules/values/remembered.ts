/** Shorter texts V8 copies when it cuts them out; longer ones keep alive what they were cut from. */
const LEAST_TO_COPY = 13;

/**
 * A function that judges each text once, for texts that come again and again, such as names and the
 * domains of mailboxes. What is remembered is forgotten whenever there are too many.
 *
 * @param judge - its answer depends on the text alone
 * @param most - how many answers are kept at the most
 */
export function remembered<T extends object | boolean>(
  judge: (text: string) => T,
  most = 20_000,
): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    let answer = answers.get(text);
    if (answer === undefined) {
      if (answers.size >= most) answers.clear();
      answer = judge(text);
      answers.set(text.length < LEAST_TO_COPY ? text : copyOf(text), answer);
    }
    return answer;
  };
}

/** The same text on its own: as UTF-16, so that half a surrogate pair stays one. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
