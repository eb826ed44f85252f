import { GraphQLDateTime } from 'graphql-scalars';
import { builder } from './builder.ts';
import './device.ts';
import './program.ts';
import './enrollment.ts';

builder.addScalarType('DateTime', GraphQLDateTime);

/** The newest federation version that all composers in use accept. */
const FEDERATION_VERSION = 'https://specs.apollo.dev/federation/v2.9';

export const schema = builder.toSubGraphSchema({ linkUrl: FEDERATION_VERSION });
