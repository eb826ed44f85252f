import { type ASTNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput, type ExpectedError } from '../errors.ts';

/** PostgreSQL stores no U+0000: https://www.postgresql.org/docs/current/datatype-character.html */
const NULL_CHARACTER = '\u0000';

/** How deep lists and objects may be within each other: writing a value takes the stack, which ends. */
const MAX_DEPTH = 100;

/**
 * Refuses operations with a value that can't be passed on or stored, be it in the document or in the
 * variables: with U+0000 in a text or a key, or nested more than a hundred deep.
 */
export function useValueRefusal(): Plugin {
  return {
    // As rules, so that they run once for a document that comes again and again.
    onValidate({ addValidationRule }) {
      addValidationRule(noNullCharacters);
      addValidationRule(noDeepValues);
    },
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refuseVariables(args.variableValues);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refuseVariables(args.variableValues);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

const noNullCharacters: ValidationRule = (context) => ({
  StringValue(node, _key, parent, _path, ancestors) {
    if (!node.value.includes(NULL_CHARACTER)) return;
    const around = parent === undefined ? ancestors : [...ancestors, parent];
    context.reportError(refusalOf(nullCharacterIn(around.flatMap(nameOf).join('.')), node));
  },
});

const noDeepValues: ValidationRule = (context) => {
  let depth = 0;
  const enter = (node: ASTNode): void => {
    depth += 1;
    if (depth === MAX_DEPTH + 1) context.reportError(refusalOf(tooDeep('document'), node));
  };
  const leave = (): void => {
    depth -= 1;
  };
  return { ListValue: { enter, leave }, ObjectValue: { enter, leave } };
};

/** What a node around a value adds to the path of the input field. */
function nameOf(node: ASTNode | readonly ASTNode[]): string[] {
  if (!('kind' in node)) return [];
  if (node.kind === Kind.VARIABLE_DEFINITION) return [node.variable.name.value];
  const isInput = node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD;
  return isInput ? [node.name.value] : [];
}

function refuseVariables(variables: unknown): GraphQLError | undefined {
  // A loop and no recursion: whoever sends the variables decides how deep they are.
  const left: { readonly path: string; readonly value: unknown; readonly depth: number }[] = [
    { path: '', value: variables, depth: 0 },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { path, value, depth } = next;
    if (typeof value === 'string' && value.includes(NULL_CHARACTER)) {
      return refusalOf(nullCharacterIn(path));
    }
    if (typeof value !== 'object' || value === null) continue;
    // The variables are an object themselves.
    if (depth > MAX_DEPTH) return refusalOf(tooDeep(path.split('.', 1)[0] ?? ''));
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes(NULL_CHARACTER)) return refusalOf(nullCharacterIn(path));
      left.push({ path: path === '' ? key : `${path}.${key}`, value: inner, depth: depth + 1 });
    }
  }
  return undefined;
}

function refusalOf(originalError: ExpectedError, node?: ASTNode): GraphQLError {
  return new GraphQLError(originalError.message, { originalError, nodes: node ?? null });
}

function nullCharacterIn(field: string): ExpectedError {
  return badUserInput(field, `"${field}" has a null character (U+0000) in it. Take it out.`);
}

function tooDeep(field: string): ExpectedError {
  return badUserInput(field, `"${field}" has values that are nested more than ${MAX_DEPTH} deep.`);
}
