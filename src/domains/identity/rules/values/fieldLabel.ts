/** There are few fields, and many messages name the same ones. */
const labels = new Map<string, string>();

/** A field's name in words, for messages: `addressLine1` becomes `address line 1`. */
export function fieldLabel(field: string): string {
  let label = labels.get(field);
  if (label === undefined) {
    label = inWords(field);
    labels.set(field, label);
  }
  return label;
}

function inWords(field: string): string {
  return field.replace(/[A-Z]|\d+/g, (part) => ` ${part.toLowerCase()}`);
}
