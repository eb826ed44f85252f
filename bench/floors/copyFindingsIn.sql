COPY finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
  entity_version, severity, field, message, current_value, suggested_value,
  suggestion_certainty, related_entity_ids, related_count, decision) FROM STDIN
