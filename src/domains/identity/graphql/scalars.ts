import { GraphQLDate, GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { builder } from './builder.ts';

builder.addScalarType('Date', GraphQLDate, {
  description: 'A day in the calendar, as YYYY-MM-DD.',
});
builder.addScalarType('DateTime', GraphQLDateTime, {
  description: 'A moment, as in RFC 3339: 2026-11-23T09:30:00.000Z.',
});
builder.addScalarType('JSON', GraphQLJSON, {
  description: 'Any JSON value.',
});
