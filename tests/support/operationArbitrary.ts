import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** What operations are made of. */
export interface OperationMaterial {
  readonly schema: GraphQLSchema;
  readonly operation: 'query' | 'mutation';
  /** Values for arguments of type ID. */
  readonly ids: readonly string[];
  /** Values for arguments of type String, and of scalars that are written as text. */
  readonly texts: readonly string[];
  /** How deep objects are nested. */
  readonly depth: number;
}

export interface GeneratedOperation {
  readonly text: string;
  /** Which fields it asks for, such as `Query.me`. */
  readonly fields: readonly string[];
}

const MOST_FIELDS = 6;

/** Valid operations of a schema, with arguments drawn from what is given. */
export function operationArbitrary(material: OperationMaterial): fc.Arbitrary<GeneratedOperation> {
  return fc
    .array(fc.nat(), { minLength: 400, maxLength: 400, size: 'max' })
    .map((choices) => new OperationWriter(material, choices).write());
}

/** Writes the operation that a tape of choices leads to; a tape that is too short begins anew. */
class OperationWriter {
  readonly #material: OperationMaterial;
  readonly #choices: readonly number[];
  readonly #fields = new Set<string>();
  #position = 0;
  #aliases = 0;

  constructor(material: OperationMaterial, choices: readonly number[]) {
    this.#material = material;
    this.#choices = choices;
  }

  write(): GeneratedOperation {
    const { schema, operation, depth } = this.#material;
    const root = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    if (root == null) throw new Error(`The schema has no ${operation}.`);
    const selection = this.#object(root, depth, operation === 'query' ? 3 : 1);
    return { text: `${operation} ${selection}`, fields: [...this.#fields] };
  }

  #choose(count: number): number {
    const choice = this.#choices[this.#position % this.#choices.length] ?? 0;
    this.#position += 1;
    return choice % count;
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[this.#choose(from.length)];
    if (picked === undefined) throw new Error('There is nothing to pick from.');
    return picked;
  }

  #object(type: GraphQLObjectType, depth: number, most: number): string {
    const all = Object.values(type.getFields());
    const askable = depth > 1 ? all : all.filter((field) => isLeafType(getNamedType(field.type)));
    const wanted = 1 + this.#choose(most);
    const picked = new Set(
      askable.length === 0 ? [] : Array.from({ length: wanted }, () => this.#pick(askable)),
    );
    // What says whose an object is, is always asked for.
    const told = all.filter(({ name }) => name === 'id' || name === 'workspaceId');
    const selections = [...new Set([...told, ...picked])].map((field) =>
      this.#field(type, field, depth),
    );
    return `{ __typename ${selections.join(' ')} }`;
  }

  #field(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string {
    this.#fields.add(`${parent.name}.${field.name}`);
    this.#aliases += 1;
    // Fields of one name do not merge where their arguments or the shapes of their types differ.
    const name = `a${this.#aliases}: ${field.name}`;
    const args = field.args
      .filter(({ type }) => isNonNullType(type) || this.#choose(2) === 0)
      .map((arg) => `${arg.name}: ${this.#value(arg.name, arg.type, 3)}`);
    const call = args.length > 0 ? `${name}(${args.join(', ')})` : name;
    return `${call} ${this.#selection(getNamedType(field.type), depth - 1)}`;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    if (isObjectType(type)) return this.#object(type, depth, MOST_FIELDS);
    if (!isAbstractType(type)) return '';
    const fragments = this.#material.schema
      .getPossibleTypes(type)
      .map((possible) => `... on ${possible.name} ${this.#object(possible, depth, MOST_FIELDS)}`);
    return `{ ${fragments.join(' ')} }`;
  }

  #value(name: string, type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return this.#value(name, type.ofType, depth);
    if (isListType(type)) {
      const items = Array.from({ length: 1 + this.#choose(2) }, () =>
        this.#value(name, type.ofType, depth),
      );
      return `[${items.join(', ')}]`;
    }
    if (isEnumType(type)) return this.#pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields())
        .filter((field) => isNonNullType(field.type) || (depth > 0 && this.#choose(3) === 0))
        .map((field) => `${field.name}: ${this.#value(field.name, field.type, depth - 1)}`);
      return `{ ${fields.join(', ')} }`;
    }
    return this.#scalar(name, type.name);
  }

  #scalar(name: string, type: string): string {
    const { ids, texts } = this.#material;
    // `first: 0` and rows that are not there would find nothing.
    if (type === 'Int') return String(name === 'first' || name === 'last' ? 5 : this.#choose(3));
    if (type === 'Float') return String(this.#choose(2));
    if (type === 'Boolean') return String(this.#choose(2) === 0);
    if (type === 'ID') return JSON.stringify(this.#pick(ids));
    if (type === 'JSON') return '{ givenName: "Ada" }';
    if (type === 'DateTime') return '"2030-01-01T00:00:00Z"';
    return JSON.stringify(this.#pick(texts));
  }
}
