import sql from 'sql-template-tag';
import type { QueryRule } from './rule.ts';

/** Left out when serial numbers are compared. */
const SEPARATORS = ' -_./:#,';

/** Shorter ones are alike by chance. */
const SHORTEST = 5;

/** Longer ones are no serial numbers; each sign of one is compared with its neighbour. */
const LONGEST = 64;

/** Where more serial numbers of a model have a letter after a digit, letters count as digits do. */
const LETTERS_IN_NUMBERS = 0.05;

/**
 * Signs that people and scanners mistake for one another: O and 0, I and 1, l and 1; and S and 5, B
 * and 8, Z and 2, but not where serial numbers are hexadecimal or the like, whose next number may
 * differ in just that. And neighbouring signs that were swapped.
 *
 * Devices are numbered one after the other, so that of 100234 and 100243 both exist: of the last two
 * signs, swapped ones say nothing. Of others they do where no third number of the model is the same
 * but for these two signs, as many are where all numbers are in use. Where that is so of more of a
 * model's swapped pairs than not, its others are there by chance as well.
 */
export const deviceSerialNearEqual: QueryRule<'device'> = {
  kind: 'query',
  id: 'device.serial.near-equal',
  version: 2,
  entityType: 'device',
  severity: 'INFO',
  description:
    'No other device of the same manufacturer and model, as far as they are known, has a serial number of 5 to 64 signs that differs only by signs that look alike, such as O and 0, or by two neighbouring signs that are swapped: not the last two, nor where further numbers differ in just these two signs, since models are numbered in sequence.',
  fields: ['serialNumber', 'manufacturer', 'model'],
  rationale: 'One of the two may have been mistyped, and the devices may be the same one.',
  example: 'Two devices of one model have the serial numbers BM-100234 and BM-1O0234.',
  select: (workspaceId) => sql`
    WITH serial AS MATERIALIZED (
      -- In the collation C: bytes are all that is compared.
      SELECT id, version, serial_number, lower(coalesce(manufacturer, '') COLLATE "C") AS maker,
             lower(coalesce(model, '') COLLATE "C") AS model,
             translate(upper(serial_number COLLATE "C"), ${SEPARATORS}, '') AS plain,
             translate(upper(translate(serial_number, 'l', '1') COLLATE "C"),
                       ${`OISBZ${SEPARATORS}`}, '01582') AS look
      FROM customer_device
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
        AND length(serial_number) BETWEEN ${SHORTEST}::int AND ${LONGEST}::int
    ), alike AS (
      SELECT maker, model, look FROM serial
      GROUP BY maker, model, look HAVING min(plain) <> max(plain)
    ), member AS MATERIALIZED (
      SELECT s.*, translate(upper(translate(s.serial_number, 'l', '1') COLLATE "C"),
                            ${`OI${SEPARATORS}`}, '01') AS near_look
      FROM serial s
      JOIN alike a ON a.maker = s.maker AND a.model = s.model AND a.look = s.look
      -- One sign over and over is a placeholder.
      WHERE s.look !~ '^(.)\\1*$'
    ), counted AS MATERIALIZED (
      SELECT s.maker, s.model
      FROM serial s JOIN (SELECT DISTINCT maker, model FROM member) m
        ON m.maker = s.maker AND m.model = s.model
      GROUP BY s.maker, s.model
      HAVING count(*) FILTER (WHERE s.plain ~ '[0-9][A-NP-Z]')
             <= greatest(1, ${LETTERS_IN_NUMBERS}::float8 * count(*))
    ), apart AS (
      -- Pairs that people said are not the same, unless either has changed since.
      SELECT n.first_id, n.second_id FROM not_duplicate n
      JOIN customer_device one ON one.id = n.first_id AND compared_values(one) = n.first_fingerprint
      JOIN customer_device other
        ON other.id = n.second_id AND compared_values(other) = n.second_fingerprint
      WHERE n.workspace_id = ${workspaceId} AND n.entity_type = 'device'
    ), variant AS MATERIALIZED (
      SELECT s.id, s.version, s.serial_number, s.maker, s.model, at,
             overlay(plain PLACING reverse(substr(plain, at, 2)) FROM at FOR 2) AS swapped
      FROM serial s, generate_series(1, length(plain) - 2) AS at
      WHERE substr(plain, at, 1) <> substr(plain, at + 1, 1)
    ), swap AS MATERIALIZED (
      SELECT s.id, s.version, s.serial_number, s.maker, s.model, s.at,
             overlay(s.swapped PLACING '' FROM s.at FOR 2) AS rest, o.id AS other_id,
             o.serial_number AS other_serial
      FROM variant s
      JOIN serial o ON o.maker = s.maker AND o.model = s.model AND o.plain = s.swapped
    ), without_two AS MATERIALIZED (
      -- Materialised, as others are here: joined by maker and model first, each number of a model
      -- would meet each of its swaps.
      -- Each number once, so that they can be counted without being sorted.
      SELECT s.maker, s.model, p.at, overlay(s.plain PLACING '' FROM p.at FOR 2) AS rest
      FROM (SELECT DISTINCT maker, model, plain FROM serial) s
      JOIN (SELECT DISTINCT maker, model, at FROM swap) p
        ON p.maker = s.maker AND p.model = s.model
    ), swap_place AS MATERIALIZED (
      -- What is the same but for the two signs that are swapped, and whether a third number is.
      SELECT w.maker, w.model, w.at, w.rest, count(*) > 2 AS is_crowded
      FROM (SELECT DISTINCT maker, model, at, rest FROM swap) w
      JOIN without_two s
        ON s.maker = w.maker AND s.model = w.model AND s.at = w.at AND s.rest = w.rest
      GROUP BY w.maker, w.model, w.at, w.rest
    ), seldom_swapped AS (
      SELECT maker, model FROM swap_place
      GROUP BY maker, model
      HAVING count(*) FILTER (WHERE is_crowded) <= count(*) FILTER (WHERE NOT is_crowded)
    ), telling_place AS MATERIALIZED (
      SELECT p.maker, p.model, p.at, p.rest
      FROM swap_place p JOIN seldom_swapped d ON d.maker = p.maker AND d.model = p.model
      WHERE NOT p.is_crowded
    ), swapped_pair AS (
      SELECT w.id, w.version, w.serial_number, w.other_id, w.other_serial, w.maker, w.model
      FROM swap w
      JOIN telling_place p
        ON p.maker = w.maker AND p.model = w.model AND p.at = w.at AND p.rest = w.rest
    ), pair AS (
      SELECT w.id, w.version, w.serial_number, w.other_id, w.other_serial,
             w.maker <> '' AND w.model <> '' AS is_known
      FROM swapped_pair w
      LEFT JOIN apart ON apart.first_id = least(w.id, w.other_id)
        AND apart.second_id = greatest(w.id, w.other_id)
      WHERE apart.first_id IS NULL
      UNION
      SELECT m.id, m.version, m.serial_number, o.id AS other_id, o.serial_number AS other_serial,
             m.maker <> '' AND m.model <> '' AS is_known
      FROM member m
      JOIN member o ON o.maker = m.maker AND o.model = m.model AND o.look = m.look
        AND o.plain <> m.plain
      LEFT JOIN counted c ON c.maker = m.maker AND c.model = m.model
      LEFT JOIN apart ON apart.first_id = least(m.id, o.id)
        AND apart.second_id = greatest(m.id, o.id)
      WHERE apart.first_id IS NULL AND (m.near_look = o.near_look OR c.maker IS NOT NULL)
    )
    SELECT id AS entity_id, version AS entity_version, 'serialNumber' AS field,
           format('Looks like the serial number %s of %s%s.', min(other_serial),
                  CASE count(*) WHEN 1 THEN 'another device' ELSE 'other devices' END,
                  CASE WHEN is_known THEN ' of this manufacturer and model' END) AS message,
           serial_number AS current_value, NULL::text AS suggested_value, NULL::text AS certainty,
           array_agg(other_id ORDER BY other_id) AS related_entity_ids
    FROM pair GROUP BY id, version, serial_number, is_known`,
};
