COPY (SELECT id, version, site_id, serial_number, manufacturer, model, category, mac_address,
  firmware, installed_on, warranty_ends_on, status, external_id
  FROM customer_device WHERE workspace_id = :workspace AND state = 'ACTIVE') TO STDOUT
