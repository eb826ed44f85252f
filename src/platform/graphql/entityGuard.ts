import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { badUserInput } from '../errors.ts';

/** A gateway asks for the entities of a page at once; nobody needs to ask for more than this. */
const MAX_REPRESENTATIONS = 10_000;

const guardedSchemas = new WeakSet<GraphQLSchema>();

/**
 * Lets `_entities` answer null for a representation that is none, and report a failure for that
 * one alone; the library's resolver fails the whole list for either. Representations come over the
 * network as any JSON. Changes the schema in place, once.
 */
export function guardEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()._entities;
  if (!field?.resolve || guardedSchemas.has(schema)) return;
  guardedSchemas.add(schema);

  const resolveAll = field.resolve;
  const isRepresentation = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    '__typename' in value &&
    typeof value.__typename === 'string' &&
    isObjectType(schema.getType(value.__typename));
  const resolve: GraphQLFieldResolver<unknown, unknown, { representations: readonly unknown[] }> = (
    root,
    { representations },
    context,
    info,
  ) => {
    if (representations.length > MAX_REPRESENTATIONS) {
      throw badUserInput(
        'representations',
        `Ask for ${MAX_REPRESENTATIONS} entities at a time at most.`,
      );
    }
    return representations.map(async (representation) => {
      if (!isRepresentation(representation)) return null;
      const one = { representations: [representation] };
      const entities = await resolveAll(root, one, context, info);
      return Array.isArray(entities) ? entities[0] : null;
    });
  };
  field.resolve = resolve;
}
