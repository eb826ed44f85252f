-- The rows of an import, encoded already, into the same table by one statement.
COPY staged_record (batch_id, row_index, entity_type, entity_id, raw_data) FROM STDIN
