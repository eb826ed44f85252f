import type { GraphQLScalarType } from 'graphql';
import { GraphQLDate, GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { ExpectedError } from '../../../platform/errors.ts';
import { builder } from './builder.ts';

builder.addScalarType('Date', withClearErrors(GraphQLDate, '2027-06-30'), {
  description: 'A day in the calendar, as YYYY-MM-DD.',
});
builder.addScalarType('DateTime', withClearErrors(GraphQLDateTime, '2027-06-30T18:00:00Z'));
builder.addScalarType('JSON', GraphQLJSON, {
  description: 'Any JSON value.',
});

/**
 * A scalar whose refusals are errors for the caller. Gateways take custom scalars as they come, so
 * it is here that a wrong value is found, inside a request that is otherwise in order.
 */
function withClearErrors<T>(scalar: GraphQLScalarType<T, unknown>, example: string) {
  const refuse = (): never => {
    throw new ExpectedError('BAD_USER_INPUT', `This is no ${scalar.name}, such as ${example}.`);
  };
  const { parseValue, parseLiteral } = scalar;
  scalar.parseValue = (value) => {
    try {
      return parseValue.call(scalar, value);
    } catch {
      return refuse();
    }
  };
  scalar.parseLiteral = (node, variables) => {
    try {
      return parseLiteral.call(scalar, node, variables);
    } catch {
      return refuse();
    }
  };
  return scalar;
}
