-- Joins that the rules of this pack share.

-- A repository whose default branch stands in this world. What hears an event does so there, so only of such a repository
-- can be said that nothing does.
CREATE TEMP VIEW default_in_view AS SELECT DISTINCT repository FROM judged WHERE on_default;

-- A repository_dispatch with the repository that it goes to. target is NULL where that is not known, or computed.
-- target_state: loaded | computed | elsewhere (another branch than the default one is looked at) | unread | unnamed
CREATE TEMP VIEW sent_dispatch AS
  WITH known AS MATERIALIZED (
    SELECT id, slug, lower(slug) AS name, state, because, id IN (SELECT repository FROM default_in_view) AS in_view FROM repository)
  SELECT d.file, d.file_set, d.path, d.place, d.dispatch, d.event_type, d.payload_complete, d.payload_is_text,
         d.repository AS sender, o.slug AS sender_slug, t.id AS target, coalesce(t.slug, d.target_slug) AS target_slug,
         CASE WHEN t.id IS NULL THEN CASE WHEN d.target_slug IS NULL THEN 'computed' ELSE 'unnamed' END
              WHEN t.state <> 'loaded' THEN 'unread' WHEN NOT t.in_view THEN 'elsewhere' ELSE 'loaded' END AS target_state,
         t.because AS target_because
  FROM dispatch d JOIN repository o ON o.id = d.repository
  LEFT JOIN known t ON t.name = CASE WHEN d.own_repository THEN lower(o.slug) ELSE lower(d.target_slug) END;

-- A workflow that hears repository_dispatch: the default branch's copy only.
CREATE TEMP VIEW dispatch_receiver AS
  SELECT t.file, t.file_set, t.repository, t.path, t.place, t.workflow_trigger, t.types, t.filters_complete
  FROM workflow_trigger t WHERE t.event = 'repository_dispatch' AND t.counts;

-- The same, a row for each type that it lists; one row with pattern NULL where it lists none.
CREATE TEMP VIEW dispatch_receiver_type AS
  SELECT r.file, r.repository, r.path, r.workflow_trigger, f.pattern, coalesce(f.place, r.place) AS place,
         r.types IS NULL AND r.filters_complete AS hears_all,
         NOT r.filters_complete OR r.types = '[]' AS unclear
  FROM dispatch_receiver r LEFT JOIN trigger_filter f
    ON f.file = r.file AND f.workflow_trigger = r.workflow_trigger AND f.filter = 'types';

-- Which sender is heard by which receiver.
CREATE TEMP VIEW heard_dispatch AS
  WITH sent AS MATERIALIZED (SELECT * FROM sent_dispatch WHERE event_type IS NOT NULL AND target IS NOT NULL)
  SELECT s.dispatch, s.file AS sender_file, s.place AS sender_place, s.payload_complete, s.event_type, r.file, r.workflow_trigger
  FROM dispatch_receiver_type r JOIN sent s ON s.target = r.repository
  WHERE r.hears_all OR s.event_type = r.pattern;

-- Why "nobody sends it" cannot be said, one row a reason: what is not loaded, not readable, computed, or sent by means that
-- are not read (a script in another language, an action that trueup does not know).
CREATE TEMP VIEW unseen_sender AS
  SELECT CASE state WHEN 'loaded' THEN 'the default branch of ' || slug || ' is not looked at'
                    ELSE slug || ' could not be read: ' || coalesce(because, 'no reason was given') END AS because
  FROM repository WHERE state <> 'loaded' OR id NOT IN (SELECT repository FROM default_in_view)
  UNION ALL
  SELECT 'does not parse: ' || path FROM unreadable_file WHERE kind IN ('workflow', 'action')
  UNION ALL
  SELECT s.path || ' of ' || s.sender_slug || ' sends an event whose ' ||
         CASE WHEN s.event_type IS NULL THEN 'type' ELSE 'target' END || ' is computed'
  FROM sent_dispatch s WHERE s.event_type IS NULL OR s.target_state = 'computed'
  UNION ALL
  SELECT 'a script in ' || s.path || ' may send events in a way that is not read' FROM step s
  WHERE s.run LIKE '%/dispatches%' AND s.run NOT LIKE '%/workflows/%/dispatches%'
    AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.file = s.file AND d.step = s.step)
  UNION ALL
  SELECT 'a script in ' || a.path || ' may send events in a way that is not read' FROM argument a
  WHERE a.section = 'with' AND a.name = 'script'
    AND (a.value LIKE '%createDispatchEvent%' OR a.value LIKE '%repos/%/dispatches%' AND a.value NOT LIKE '%/workflows/%')
  UNION ALL
  SELECT u.slug || ' in ' || u.file_path || ' may send events' FROM uses u
  WHERE u.slug LIKE '%repository%dispatch%' AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.file = u.file AND d.step = u.step);

-- What a local `uses:` leads to, from the repository's root.
CREATE TEMP VIEW uses_target AS
  SELECT u.file, u.job, u.step, u.form, path_join('', u.path) AS mentioned_path
  FROM (SELECT file, job, step, form, path FROM uses) u WHERE u.form IN ('local_action', 'local_workflow');
