COPY (SELECT id, version, name, phone, email, street_number, address_line1, address_line2, locality,
  region, postal_code, country, latitude, longitude, time_zone, owner_id, external_id
  FROM customer_site WHERE workspace_id = :workspace AND state = 'ACTIVE') TO STDOUT
