import { type ASTNode, type DocumentNode, getLocation, type SourceLocation } from 'graphql';

/**
 * The schema coordinate of what stands at a place in SDL, such as `Query.device`; of the type where
 * it is in no field, and undefined outside of types.
 */
export function coordinateAt(document: DocumentNode, place: SourceLocation): string | undefined {
  const type = document.definitions.find((node) => contains(node, place));
  if (type === undefined || !('name' in type) || type.name === undefined) return undefined;
  const members = 'fields' in type ? type.fields : 'values' in type ? type.values : [];
  const member = members?.find((node) => contains(node, place));
  return member ? `${type.name.value}.${member.name.value}` : type.name.value;
}

function contains({ loc }: ASTNode, { line, column }: SourceLocation): boolean {
  if (loc === undefined) return false;
  const start = getLocation(loc.source, loc.start);
  const end = getLocation(loc.source, loc.end);
  const isAfter = line > start.line || (line === start.line && column >= start.column);
  const isBefore = line < end.line || (line === end.line && column < end.column);
  return isAfter && isBefore;
}
