-- Joins that the rules of this pack share.

-- A repository_dispatch with the repository that it goes to. target is NULL where that is not loaded, or computed.
CREATE TEMP VIEW sent_dispatch AS
  SELECT d.file, d.file_set, d.path, d.place, d.dispatch, d.event_type, d.payload_complete, d.payload_is_text,
         d.repository AS sender,
         CASE WHEN d.own_repository THEN d.repository ELSE t.id END AS target,
         CASE WHEN d.own_repository THEN o.slug ELSE d.target_slug END AS target_slug,
         CASE WHEN d.own_repository THEN 'loaded' WHEN d.target_slug IS NULL THEN 'computed' ELSE t.state END AS target_state,
         t.because AS target_because
  FROM dispatch d JOIN repository o ON o.id = d.repository
  LEFT JOIN repository t ON lower(t.slug) = lower(d.target_slug);

-- A workflow that hears repository_dispatch: the default branch's copy only.
CREATE TEMP VIEW dispatch_receiver AS
  SELECT t.file, t.file_set, t.repository, t.path, t.place, t.workflow_trigger, t.types, t.filters_complete
  FROM workflow_trigger t WHERE t.event = 'repository_dispatch' AND t.counts;

-- Which sender is heard by which receiver.
CREATE TEMP VIEW heard_dispatch AS
  SELECT s.dispatch, s.file AS sender_file, s.place AS sender_place, s.payload_complete, s.event_type, r.file, r.workflow_trigger
  FROM dispatch_receiver r JOIN sent_dispatch s ON s.target = r.repository
  WHERE s.event_type IS NOT NULL
    AND (r.types IS NULL OR s.event_type IN (SELECT value FROM json_each(r.types)));

-- Why "nobody sends it" cannot be said, one row a reason: what is not loaded, not readable, or computed.
CREATE TEMP VIEW unseen_sender AS
  SELECT slug || ' is not loaded: ' || coalesce(because, '') AS because FROM repository WHERE state <> 'loaded'
  UNION ALL
  SELECT 'does not parse: ' || path FROM unreadable_file WHERE kind IN ('workflow', 'action')
  UNION ALL
  SELECT s.path || ' sends an event whose type or target is computed' FROM sent_dispatch s
  WHERE s.event_type IS NULL OR s.target_state = 'computed';

-- Where a step or job stands, in words that its author uses: keys of findings.
CREATE TEMP VIEW step_name AS
  SELECT s.file, s.step, coalesce(s.step_id, s.name, s.uses, 'step ' || (s.position + 1)) AS step_name FROM step s;

-- What a local `uses:` leads to, from the repository's root.
CREATE TEMP VIEW uses_target AS
  SELECT u.file, u.job, u.step, u.form, path_join('', u.path) AS mentioned_path
  FROM (SELECT file, job, step, form, path FROM uses) u WHERE u.form IN ('local_action', 'local_workflow');
