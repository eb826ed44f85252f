import { type ASTNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput, type ExpectedError } from '../errors.ts';

/** PostgreSQL stores no U+0000: https://www.postgresql.org/docs/current/datatype-character.html */
const NULL_CHARACTER = '\u0000';

/** Refuses operations with U+0000 in a text, be it in the document or in the variables. */
export function useNullCharacterRefusal(): Plugin {
  return {
    // As a rule, so that it runs once for a document that comes again and again.
    onValidate: ({ addValidationRule }) => addValidationRule(noNullCharacters),
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
    const originalError = nullCharacterIn(around.flatMap(nameOf).join('.'));
    context.reportError(new GraphQLError(originalError.message, { nodes: node, originalError }));
  },
});

/** What a node around a value adds to the path of the input field. */
function nameOf(node: ASTNode | readonly ASTNode[]): string[] {
  if (!('kind' in node)) return [];
  if (node.kind === Kind.VARIABLE_DEFINITION) return [node.variable.name.value];
  const isInput = node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD;
  return isInput ? [node.name.value] : [];
}

function refuseVariables(variables: unknown): GraphQLError | undefined {
  // A loop and no recursion: whoever sends the variables decides how deep they are.
  const left: { readonly path: string; readonly value: unknown }[] = [
    { path: '', value: variables },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { path, value } = next;
    if (typeof value === 'string' && value.includes(NULL_CHARACTER)) {
      const originalError = nullCharacterIn(path);
      return new GraphQLError(originalError.message, { originalError });
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      left.push({ path: path === '' ? key : `${path}.${key}`, value: inner });
    }
  }
  return undefined;
}

function nullCharacterIn(field: string): ExpectedError {
  return badUserInput(field, `"${field}" has a null character (U+0000) in it. Take it out.`);
}
