-- Joins that the rules of this pack share.

-- What an environment file sets that a process reads: no pattern to copy (gateway.env.example).
CREATE TEMP VIEW process_entry AS
  SELECT n.file, n.file_set, n.repository, n.path, n.place, n.name_place, n.position, n.name, n.value, n.constant
  FROM dotenv_entry n WHERE NOT re2_match('(?i)(^|[._/-])(example|sample|template|dist)([._/-]|$)', n.path);
