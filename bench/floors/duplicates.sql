-- The matches of the people in `record`, by the same blocking keys (k0, k1 and so on), the same
-- comparisons and the same weights, which are macros. What `record` holds is normalised already,
-- the rarity of its values is in columns r_*. Nicknames and phonetic likeness are left out.
CREATE MACRO one_edit(one, other) AS
  abs(length(one) - length(other)) <= 1 AND damerau_levenshtein(one, other) = 1;

CREATE TEMP TABLE candidate AS
  :candidates;

CREATE TEMP TABLE match AS
WITH compared AS MATERIALIZED (
  SELECT a.id AS first, b.id AS second,
    CASE
      WHEN a.given IS NULL OR b.given IS NULL THEN 0
      WHEN a.given = b.given THEN 1
      WHEN jaro_winkler_similarity(a.given, b.given) >= 0.93
        OR one_edit(a.given, b.given) THEN 3
      WHEN a.given = b.family AND b.given = a.family THEN 5
      WHEN jaro_winkler_similarity(a.given, b.given) >= 0.82 THEN 4
      ELSE 6
    END AS given,
    CASE
      WHEN a.family IS NULL OR b.family IS NULL THEN 0
      WHEN a.family = b.family THEN 1
      WHEN jaro_winkler_similarity(a.family, b.family) >= 0.93
        OR one_edit(a.family, b.family) THEN 3
      WHEN a.given = b.family AND b.given = a.family THEN 5
      WHEN jaro_winkler_similarity(a.family, b.family) >= 0.82 THEN 4
      ELSE 6
    END AS family,
    CASE
      WHEN a.birth IS NULL OR b.birth IS NULL THEN 0
      WHEN a.birth = b.birth THEN 1
      WHEN one_edit(a.birth, b.birth)
        OR (a.birth[:4] = b.birth[:4] AND a.birth[5:6] = b.birth[7:8]
          AND a.birth[7:8] = b.birth[5:6]) THEN 2
      WHEN (a.birth[:4] = b.birth[:4])::int + (a.birth[5:6] = b.birth[5:6])::int
        + (a.birth[7:8] = b.birth[7:8])::int = 2 THEN 3
      WHEN a.birth[:4] = b.birth[:4] THEN 4
      ELSE 5
    END AS birth,
    CASE
      WHEN a.phone IS NULL OR b.phone IS NULL THEN 0
      WHEN a.phone = b.phone THEN 1
      WHEN one_edit(a.phone, b.phone) THEN 2
      WHEN a.phone[-7:] = b.phone[-7:] THEN 3
      ELSE 4
    END AS phone,
    CASE
      WHEN a.email IS NULL OR b.email IS NULL THEN 0
      WHEN a.email = b.email THEN 1
      WHEN one_edit(a.email, b.email) THEN 2
      WHEN a.local_part = b.local_part AND length(a.local_part) > 3 THEN 3
      ELSE 4
    END AS email,
    CASE
      WHEN a.postal = b.postal
        THEN CASE WHEN jaro_winkler_similarity(a.locality, b.locality) < 0.92 THEN 2 ELSE 1 END
      WHEN jaro_winkler_similarity(a.locality, b.locality) >= 0.92
        THEN CASE
          WHEN a.postal IS NULL OR b.postal IS NULL THEN 3
          WHEN one_edit(a.postal, b.postal) THEN 2
          ELSE 4
        END
      WHEN a.postal[:3] = b.postal[:3] OR a.region = b.region THEN 5
      WHEN coalesce(a.postal, a.locality, a.region) IS NULL
        OR coalesce(b.postal, b.locality, b.region) IS NULL THEN 0
      ELSE 6
    END AS place,
    CASE
      WHEN a.street = b.street OR jaro_winkler_similarity(a.street, b.street) >= 0.92
        THEN CASE
          WHEN a.number = b.number AND a.street = b.street THEN 1
          WHEN a.number = b.number OR one_edit(a.number, b.number) THEN 2
          WHEN a.number IS NULL OR b.number IS NULL THEN 3
          ELSE 4
        END
      WHEN a.street IS NULL OR b.street IS NULL
        THEN CASE
          WHEN a.number = b.number THEN 3
          WHEN a.number IS NULL OR b.number IS NULL THEN 0
          ELSE 6
        END
      WHEN a.number = b.number THEN 5
      ELSE 6
    END AS street,
    CASE
      WHEN a.second_line IS NULL OR b.second_line IS NULL THEN 0
      WHEN a.second_line = b.second_line THEN 1
      WHEN jaro_winkler_similarity(a.second_line, b.second_line) >= 0.92 THEN 2
      ELSE 3
    END AS second_line,
    CASE
      WHEN a.name IS NULL OR b.name IS NULL THEN 0
      WHEN a.name = b.name THEN 1
      WHEN jaro_winkler_similarity(a.name, b.name) >= 0.93 THEN 2
      WHEN jaro_winkler_similarity(a.name, b.name) >= 0.85 THEN 4
      ELSE 5
    END AS organisation,
    a.r_given, a.r_family, a.r_birth, a.r_phone, a.r_email, a.r_postal, a.r_locality,
    a.r_second_line, a.r_name
  FROM candidate
  JOIN record a ON a.id = candidate.first
  JOIN record b ON b.id = candidate.second
),
weighed AS MATERIALIZED (
  SELECT first, second,
    :priorUnrelated
      + given_unrelated(given) + CASE WHEN given = 1 THEN r_given ELSE 0 END
      + family_unrelated(family) + CASE WHEN family = 1 THEN r_family ELSE 0 END
      + birth_unrelated(birth) + CASE WHEN birth = 1 THEN r_birth ELSE 0 END
      + phone_unrelated(phone) + CASE WHEN phone = 1 THEN r_phone ELSE 0 END
      + email_unrelated(email) + CASE WHEN email = 1 THEN r_email ELSE 0 END
      + place_unrelated(place)
      + CASE WHEN place = 1 THEN r_postal WHEN place IN (3, 4) THEN r_locality ELSE 0 END
      + CASE WHEN place > 4 THEN elsewhere_unrelated(street) ELSE street_unrelated(street) END
      + CASE
          WHEN street > 4 THEN 0
          ELSE second_line_unrelated(second_line)
            + CASE WHEN second_line = 1 THEN r_second_line ELSE 0 END
        END
      + organisation_unrelated(organisation)
      + CASE WHEN organisation = 1 THEN r_name ELSE 0 END AS unrelated,
    :priorRelated
      + given_related(given) + family_related(family) + birth_related(birth)
      + phone_related(phone) + email_related(email) + place_related(place)
      + CASE WHEN place > 4 THEN elsewhere_related(street) ELSE street_related(street) END
      + CASE WHEN street > 4 THEN 0 ELSE second_line_related(second_line) END
      + organisation_related(organisation) AS related
  FROM compared
)
SELECT first, second,
  least(unrelated, related) - log2(1 + pow(2, -abs(unrelated - related))) AS weight
FROM weighed
WHERE unrelated >= :least AND related >= :least AND weight >= :least;
