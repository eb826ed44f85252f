COPY (SELECT id, version, kind, given_name, family_name, organisation_name, email, phone,
  street_number, address_line1, address_line2, locality, region, postal_code, country, birth_date,
  external_id FROM third_party WHERE workspace_id = :workspace AND state = 'ACTIVE') TO STDOUT
