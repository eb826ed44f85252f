import { GraphQLDate, GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { builder } from './builder.ts';

builder.addScalarType('Date', GraphQLDate, {
  description: 'A day in the calendar, as YYYY-MM-DD.',
});
builder.addScalarType('DateTime', GraphQLDateTime);
builder.addScalarType('JSON', GraphQLJSON, {
  description: 'Any JSON value.',
});
