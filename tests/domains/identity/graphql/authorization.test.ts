import {
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isNullableType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../../../src/domains/identity/graphql/schema.ts';

/** Types of federation itself; what they return is guarded like everything else. */
const FEDERATION = ['_Service', '_entities', '_service'];

const objectTypes = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType =>
    isObjectType(type) && !type.name.startsWith('__') && !FEDERATION.includes(type.name),
);

const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

function hasScopes(extensions: Readonly<Record<string, unknown>>): boolean {
  const options = extensions.pothosOptions;
  return typeof options === 'object' && options !== null && Reflect.has(options, 'authScopes');
}

it('guards every field of Query and Mutation', () => {
  const open = rootTypes.flatMap((type) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !FEDERATION.includes(field.name) && !hasScopes(field.extensions))
      .map((field) => `${type?.name}.${field.name}`),
  );
  expect(open).toEqual([]);
});

it('lets every field of Query fail alone', () => {
  const binding = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ name, type }) => !FEDERATION.includes(name) && !isNullableType(type),
  );
  expect(binding.map(({ name }) => name)).toEqual([]);
});

it('guards every entity, since _entities goes past the root fields', () => {
  const union = schema.getType('_Entity');
  const entities = isUnionType(union) ? union.getTypes() : [];
  expect(entities.map((type) => type.name)).toContain('Contact');
  expect(entities.filter((type) => !hasScopes(type.extensions))).toEqual([]);
});

it('reaches every unguarded type through guarded ones only', () => {
  const open = new Set(
    objectTypes.filter((type) => !rootTypes.includes(type) && !hasScopes(type.extensions)),
  );
  const reachedFromOpenRootField = [...open].filter((type) =>
    isReachableUnguarded(type, open, new Set()),
  );
  expect(reachedFromOpenRootField.map((type) => type.name)).toEqual([]);
});

/** Whether a path of unguarded types and fields leads from a root to the type. */
function isReachableUnguarded(
  target: GraphQLObjectType,
  open: ReadonlySet<GraphQLObjectType>,
  seen: Set<GraphQLObjectType>,
): boolean {
  if (seen.has(target)) return false;
  seen.add(target);
  return objectTypes.some((parent) =>
    Object.values(parent.getFields()).some((field) => {
      const returned = getNamedType(field.type);
      const leadsToTarget =
        returned === target ||
        (isInterfaceType(returned) && target.getInterfaces().includes(returned));
      if (!leadsToTarget || hasScopes(field.extensions)) return false;
      if (rootTypes.includes(parent)) return true;
      return open.has(parent) && isReachableUnguarded(parent, open, seen);
    }),
  );
}
