import type { Pool } from 'pg';

/**
 * Fills a workspace with entities, two contacts and seventeen devices to one site, made by PostgreSQL
 * itself. Contacts and sites are few, since comparing them takes longer than all the rest. Planted defects, of which a record may have several, give about one finding to five
 * entities; every rule that finds duplicates has some to find.
 *
 * @returns how many were created
 */
export async function insertBulkEntities(
  pool: Pool,
  workspaceId: string,
  entities: number,
): Promise<number> {
  let created = 0;
  for (const { share, statement } of STATEMENTS) {
    const { rowCount } = await pool.query(statement, [workspaceId, Math.ceil(entities * share)]);
    created += rowCount ?? 0;
  }
  return created;
}

const STATEMENTS = [
  {
    share: 0.1,
    statement: `
      INSERT INTO third_party (id, workspace_id, given_name, family_name, email, phone, address_line1,
                               locality, postal_code, country)
      SELECT gen_random_uuid(), $1::uuid,
             CASE WHEN n % 25 = 0 THEN ' Ada' ELSE 'Ada' END,
             'Meier ' || n,
             CASE WHEN n % 20 = 0 THEN 'nowhere' || n
                  WHEN n % 100 = 1 THEN 'shared' || n / 200 || '@example.com'
                  ELSE 'ada' || n || '@example.com' END,
             CASE WHEN n % 33 = 0 THEN '(312) 555-01' || lpad((n % 100)::text, 2, '0') END,
             n || ' Ogden Ave', 'Chicago',
             CASE WHEN n % 50 = 0 THEN '6061' ELSE '60612' END, 'US'
      FROM generate_series(1, $2::int) AS n`,
  },
  {
    share: 0.05,
    statement: `
      INSERT INTO customer_site (id, workspace_id, name, street_number, address_line1, locality,
                                 postal_code, country)
      SELECT gen_random_uuid(), $1::uuid,
             CASE WHEN n % 20 = 0 THEN NULL ELSE 'Depot ' || n - n % 50 / 49 END,
             n - n % 50 / 49, 'Kedzie Ave', 'Chicago', '60612',
             CASE WHEN n % 30 = 0 THEN 'Illinois' ELSE 'US' END
      FROM generate_series(1, $2::int) AS n`,
  },
  {
    share: 0.85,
    statement: `
      INSERT INTO customer_device (id, workspace_id, site_id, serial_number, manufacturer, model,
                                   mac_address)
      SELECT gen_random_uuid(), $1::uuid,
             CASE WHEN n % 60 <> 0 THEN site.ids[1 + n % cardinality(site.ids)] END,
             'BK-' || n - n % 40 / 39 || '-7', 'Borealis', 'B2',
             CASE WHEN n % 15 = 0 THEN '02:00:00:00'
                  WHEN n % 10 = 0 THEN upper(lpad(to_hex(n), 12, '0'))
                  ELSE upper(regexp_replace('02' || lpad(to_hex(n), 10, '0'), '(..)(?!$)', '\\1:', 'g')) END
      FROM generate_series(1, $2::int) AS n,
           (SELECT array_agg(id) AS ids FROM customer_site WHERE workspace_id = $1::uuid) AS site`,
  },
];
