import {
  type GraphQLField,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/domains/enrollment/graphql/schema.ts';

/** What the federation library adds. */
const FEDERATION = ['_Any', '_Entity', '_Service', '_entities', '_service', 'link__Import'];

const types = Object.values(schema.getTypeMap()).filter(
  (type) =>
    !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !FEDERATION.includes(type.name),
);
const fieldsOf = (type: GraphQLObjectType) =>
  Object.values(type.getFields()).filter(({ name }) => !FEDERATION.includes(name));

const isGuarded = ({ extensions }: GraphQLObjectType | GraphQLField<unknown, unknown>) => {
  const { pothosOptions } = extensions;
  return (
    typeof pothosOptions === 'object' && pothosOptions !== null && 'authScopes' in pothosOptions
  );
};

describe('the schema', () => {
  it('guards every query and mutation', () => {
    const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);

    const open = roots.flatMap(fieldsOf).filter((field) => !isGuarded(field));

    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('guards every type that holds data of a workspace, however it is reached', () => {
    const plumbing = /^(Query|Mutation|PageInfo|.*Connection|.*Edge)$/;

    const open = types
      .filter(isObjectType)
      .filter((type) => !plumbing.test(type.name) && !isGuarded(type));

    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('describes every type, field, argument and enum value', () => {
    const described = types.flatMap((type): { name: string; description?: string | null }[] => {
      if (isObjectType(type)) {
        const fields = fieldsOf(type);
        return [type, ...fields, ...fields.flatMap(({ args }) => args)];
      }
      if (isInputObjectType(type)) return [type, ...Object.values(type.getFields())];
      return isEnumType(type) ? [type, ...type.getValues()] : [type];
    });

    expect(described.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
  });

  it('has no global object identification, which can not be federated', () => {
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).not.toContain('node');
    expect(schema.getType('Node')).toBeUndefined();
  });
});
