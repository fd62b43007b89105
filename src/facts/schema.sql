-- The facts. One comment a column; names are the field's own terms. `trueup schema` prints this file's tables and views.
--
-- Tables named blob_<what> hold what one file's bytes say, once for each (bytes, kind): they know neither path nor
-- repository. The view <what> (views.sql) places those rows in the files of the world that is judged. Conventions that the
-- build reads to make the C++ row types:
--   REFERENCES span      a place in the blob's bytes; the view turns it into a `place`
--   REFERENCES blob_x    the id of a row of the same blob
--   REFERENCES blob      the blob itself, filled in by the store
-- TEXT columns without NOT NULL may be NULL, which means "not written in the file", never "empty".

-- ---------------------------------------------------------------------------------------------- what was loaded

CREATE TABLE repository (       -- every repository that this run knows of, loaded or not
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  state TEXT NOT NULL,            -- loaded | unknown
  because TEXT,                   -- why it is unknown, and the way out
  default_branch TEXT,            -- NULL where it could not be told
  heads_complete INTEGER NOT NULL,    -- 1: every branch that the server has is loaded
  tags_complete INTEGER NOT NULL,     -- 1: every tag is loaded
  history_complete INTEGER NOT NULL   -- 0: a shallow clone
);

CREATE TABLE file_set (         -- a unique set of (path, blob, kind); snapshots that hold the same files share one
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL     -- id in repository; sets of different repositories are never shared
);

CREATE TABLE snapshot (         -- a repository at a commit, or a working tree
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  commit_id TEXT,                 -- hex; NULL for a working tree or a plain folder
  committed_at INTEGER,           -- seconds since 1970; NULL where there is no commit
  file_set INTEGER NOT NULL       -- id in file_set
);

CREATE TABLE git_ref (          -- a branch, a tag or the working tree, and where it points
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  name TEXT NOT NULL,             -- short: staging, v1.2.3
  kind TEXT NOT NULL,             -- branch | tag | worktree | commit
  snapshot INTEGER NOT NULL       -- id in snapshot
);

CREATE TABLE ref_name (         -- every branch and tag that a loaded repository is known to have, read or not
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  name TEXT NOT NULL,             -- short
  kind TEXT NOT NULL              -- branch | tag
);
CREATE INDEX ref_name_name ON ref_name(repository, name);

CREATE TABLE blob (             -- one file's bytes, read as one kind of document
  id INTEGER PRIMARY KEY,
  object_id TEXT NOT NULL,        -- git's id of the bytes, hex
  kind TEXT NOT NULL,             -- workflow | action | script | dockerfile | codeowners | dependabot | chart | chart_lock | chart_values | dotenv | stream_processor | deployments | yaml | application_sets (what sets of a yaml make) | json | ...; only named: path, elsewhere
  state TEXT NOT NULL,            -- parsed | malformed | over_limit | missing | unread (a kind without content)
  because TEXT                    -- why it is not parsed
);

CREATE TABLE file_set_member (  -- a file of a file set
  file INTEGER PRIMARY KEY,       -- the file's number in this run
  file_set INTEGER NOT NULL,      -- id in file_set
  path TEXT NOT NULL,             -- from the repository's root, with /
  blob INTEGER NOT NULL,          -- id in blob
  kind TEXT NOT NULL              -- as blob.kind
);

-- ---------------------------------------------------------------------------------------------- any document

CREATE TABLE blob_syntax_error (  -- a file that does not parse
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- where reading stopped
  message TEXT NOT NULL,          -- what is wrong
  looks_like_template INTEGER NOT NULL  -- 1: it holds {{ }}, {% %} or <% %>, so it may not be meant as a document
);

CREATE TABLE blob_duplicate_key (  -- a key written twice in one mapping
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,        -- the later key
  first_span INTEGER NOT NULL REFERENCES span,  -- the earlier key
  pointer TEXT NOT NULL,          -- JSON pointer of the mapping
  key TEXT NOT NULL,              -- the key
  same_value INTEGER NOT NULL,    -- 1: both hold the same text or structure
  hidden_span INTEGER REFERENCES span  -- an `enabled: false` of the earlier value that the later one does not repeat
);

CREATE TABLE blob_limit_hit (     -- a bound of trueup that the file met: what lies behind it was not read
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- where
  message TEXT NOT NULL           -- which bound
);

CREATE TABLE blob_suppression (   -- a comment that asks trueup to leave a finding be: # trueup: ignore[C01] reason (until …, owner …)
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the comment
  line INTEGER NOT NULL,          -- the line that it speaks of, from 1
  reason TEXT,                    -- NULL: it has none, and so no effect
  until TEXT,                     -- YYYY-MM-DD, the last day on which it holds
  owner TEXT,
  problem TEXT                    -- why it cannot be read, and so has no effect
);

CREATE TABLE blob_suppression_rule (  -- a rule that a suppression names
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  suppression INTEGER NOT NULL REFERENCES blob_suppression,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL              -- id or code, as written
);

CREATE TABLE blob_node (          -- a value of a YAML or JSON file that a rule or the config asked for (nodes:)
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the value
  document INTEGER NOT NULL,      -- number of the document in the stream, from 0
  pointer TEXT NOT NULL,          -- JSON pointer within the document
  parent INTEGER REFERENCES blob_node,    -- the collection that holds it; NULL at the top
  key TEXT,                       -- key in a mapping, or position in a sequence
  value TEXT,                     -- decoded text of a scalar; NULL for a collection
  node_kind TEXT NOT NULL         -- string | number | boolean | null | mapping | sequence
);

-- ---------------------------------------------------------------------------------------------- GitHub workflows

CREATE TABLE blob_workflow (      -- a file in .github/workflows
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its first key
  name TEXT,                      -- `name:`; without one GitHub calls it by its path (see view)
  run_name TEXT,                  -- `run-name:`
  concurrency_group TEXT,         -- as written
  default_shell TEXT,             -- defaults.run.shell
  permissions TEXT                -- JSON, or read-all | write-all; what its jobs have that say nothing themselves
);

CREATE TABLE blob_workflow_trigger (  -- one event of `on:`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow INTEGER NOT NULL REFERENCES blob_workflow,
  span INTEGER NOT NULL REFERENCES span,  -- the event's name
  event TEXT NOT NULL,            -- push, pull_request, repository_dispatch, ...
  branches TEXT,                  -- JSON array, in order; NULL: no such filter
  branches_ignore TEXT,           -- JSON array
  tags TEXT,                      -- JSON array
  tags_ignore TEXT,               -- JSON array
  paths TEXT,                     -- JSON array
  paths_ignore TEXT,              -- JSON array
  types TEXT,                     -- JSON array
  workflows TEXT,                 -- JSON array, of workflow_run
  filters_complete INTEGER NOT NULL  -- 0: a filter holds something that is no list of text
);

CREATE TABLE blob_trigger_filter (  -- one entry of a trigger's filter
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  span INTEGER NOT NULL REFERENCES span,  -- the entry
  filter TEXT NOT NULL,           -- branches | branches_ignore | tags | tags_ignore | paths | paths_ignore | types | workflows
  position INTEGER NOT NULL,      -- from 0
  pattern TEXT NOT NULL           -- as written, with its !
);

CREATE TABLE blob_workflow_schedule (  -- an entry of `on.schedule`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  span INTEGER NOT NULL REFERENCES span,
  cron TEXT NOT NULL
);

CREATE TABLE blob_workflow_input (  -- an input of workflow_call or workflow_dispatch
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL,
  type TEXT,                      -- string | boolean | number | choice | environment
  required INTEGER NOT NULL,      -- 0 where not written
  default_value TEXT              -- as written
);

CREATE TABLE blob_workflow_secret (  -- a secret that workflow_call declares
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,
  required INTEGER NOT NULL
);

CREATE TABLE blob_workflow_output (  -- an output of workflow_call
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,
  value TEXT                      -- as written
);

CREATE TABLE blob_job (           -- a job of a workflow; a composite action's steps hang on one job without id
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow INTEGER REFERENCES blob_workflow,  -- NULL in an action
  span INTEGER NOT NULL REFERENCES span,      -- its id
  job_id TEXT,                    -- NULL in an action
  name TEXT,                      -- `name:` as written
  uses TEXT,                      -- the reusable workflow it calls
  runs_on TEXT,                   -- text, or JSON where it is a list or mapping
  environment TEXT,               -- its name
  concurrency_group TEXT,         -- as written
  container INTEGER NOT NULL,     -- 1: runs in a container, where the default shell is sh
  matrix TEXT,                    -- strategy.matrix as JSON, or the expression
  permissions TEXT,               -- JSON, or read-all | write-all
  secrets_inherit INTEGER NOT NULL,  -- 1: `secrets: inherit`
  default_shell TEXT              -- defaults.run.shell of the job
);

CREATE TABLE blob_permission (    -- `permissions:` of a workflow or of a job: a row for the block and one for each of its entries
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow INTEGER NOT NULL REFERENCES blob_workflow,
  job INTEGER REFERENCES blob_job,        -- NULL: the workflow's
  span INTEGER NOT NULL REFERENCES span,  -- the key `permissions`; of an entry its level
  name TEXT,                      -- NULL: the block
  level TEXT                      -- read | write | none; of a block read-all | write-all, NULL where it has entries
);

CREATE TABLE blob_job_need (      -- an entry of `needs:`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  span INTEGER NOT NULL REFERENCES span,
  needed_job_id TEXT NOT NULL
);

CREATE TABLE blob_job_leg (       -- a job as it runs and is shown: each one of a matrix, or the only one
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  span INTEGER NOT NULL REFERENCES span,  -- its `name:`, else its id
  position INTEGER NOT NULL,      -- from 0 within the job
  display_name TEXT NOT NULL      -- as checks and the API call it, without the caller's; what is not known stays a ${{ }}
);

CREATE TABLE blob_job_ancestor (  -- a job that another one needs, directly or not, and what becomes of the other one
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  ancestor INTEGER NOT NULL REFERENCES blob_job,
  span INTEGER NOT NULL REFERENCES span,  -- the entry of the job's `needs:` that leads there
  direct INTEGER NOT NULL,        -- 1: that entry names it
  after_failure TEXT NOT NULL,    -- when the ancestor fails, the job: runs | may_run (its `if:` depends on more) | is_skipped
  after_skip TEXT NOT NULL        -- the same when the ancestor is skipped
);

CREATE TABLE blob_result_test (   -- a result that an expression compares with a text: needs.build.result == 'success'
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL: outside jobs
  step INTEGER REFERENCES blob_step,      -- NULL: outside steps
  span INTEGER NOT NULL REFERENCES span,  -- the text
  test_span INTEGER NOT NULL REFERENCES span,  -- the comparison
  in_condition INTEGER NOT NULL,  -- 1: of an `if:`
  path TEXT NOT NULL,             -- what is compared: needs.build.result, steps.test.outcome, job.status
  comparison TEXT NOT NULL,       -- == | !=
  result TEXT NOT NULL            -- what it is compared with
);

CREATE TABLE blob_job_output (    -- an entry of `outputs:` of a job
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL,
  value TEXT                      -- as written
);

CREATE TABLE blob_step (          -- a step of a job or of a composite action
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its uses or run
  position INTEGER NOT NULL,      -- from 0 within the job
  step_id TEXT,                   -- `id:`
  name TEXT,                      -- `name:`
  uses TEXT,                      -- the action
  run TEXT,                       -- the script
  run_span INTEGER REFERENCES span,  -- the script's bytes
  shell TEXT,                     -- its own `shell:`
  working_directory TEXT,         -- `working-directory:`
  outputs_complete INTEGER NOT NULL,  -- 1: step_output holds every output that it can set
  workspace TEXT NOT NULL         -- what the job's folder holds before it: empty (nothing can have put files there) | own | other (not known)
);

CREATE TABLE blob_step_output (   -- a key that a step's script writes to GITHUB_OUTPUT
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL
);

CREATE TABLE blob_script (        -- a file of shell commands (*.sh)
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its first line
  interpreter TEXT,               -- of its first line `#!/usr/bin/env bash`: bash
  complete INTEGER NOT NULL,      -- 1: it was understood to its end
  reads_arguments INTEGER NOT NULL  -- 1: it reads what it is called with ($1, $@, shift ...), or that cannot be told
);

CREATE TABLE blob_command (       -- a command of a script that ships things (helm, docker, git, gh, sed, curl ...), or that runs a file of the repository
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL in a script file, and in GitLab CI
  step INTEGER REFERENCES blob_step,      -- the same
  span INTEGER NOT NULL REFERENCES span,  -- the program and its subcommand, or the file that is run
  position INTEGER NOT NULL,      -- in the script, from 0
  program TEXT NOT NULL,          -- helm, docker, podman, git, gh, sed ...; of a file that is run, how: run | source | bash | python3 ...
  subcommand TEXT,                -- push, dependency build, registry login, ...: the long form; NULL: none, or computed
  script_path TEXT,               -- of a file that is run: its path from the root; NULL of programs
  conditional INTEGER NOT NULL,   -- 1: in a branch, a loop, a function or after && or ||
  arguments_complete INTEGER NOT NULL  -- 0: more may be passed than is written: "${args[@]}", $OPTIONS
);

CREATE TABLE blob_command_argument (  -- an argument of a command: an option with its value, an option alone, or a positional one
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  command INTEGER NOT NULL REFERENCES blob_command,
  span INTEGER NOT NULL REFERENCES span,  -- the value, else the option; of a variable that is looked through, where it is set
  position INTEGER NOT NULL,      -- among the command's arguments, from 0
  option TEXT,                    -- as written: --version, -t; NULL: a positional argument
  value TEXT,                     -- as the program gets it, holes as ${X}, ${X#v}, ${{ … }}, $(…); NULL: an option without a value
  constant INTEGER NOT NULL       -- 1: no holes, and nothing that the shell matches with files
);

CREATE TABLE blob_script_variable (  -- a variable that a script reads or sets, the first place of each name, access and form
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL in a script file
  step INTEGER REFERENCES blob_step,      -- NULL in a script file
  span INTEGER NOT NULL REFERENCES span,  -- the name, or ${X…}
  name TEXT,                      -- NULL: a name that is not known (source, eval, a computed key)
  access TEXT NOT NULL,           -- read | set (in this script) | environment (written to GITHUB_ENV, for the steps after it)
  has_fallback INTEGER NOT NULL,  -- of a read: 1: somewhere the script looks whether it is empty
  exported INTEGER NOT NULL,      -- of a setting: 1: programs that the script runs see it
  conditional INTEGER NOT NULL    -- 1: in a branch, a loop, a function or after && or ||
);

CREATE TABLE blob_step_effect (   -- what a step does to the world, by an action or by a command of its script
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  command INTEGER REFERENCES blob_command,  -- NULL: an action does it
  span INTEGER NOT NULL REFERENCES span,  -- the command, or the action's name
  position INTEGER NOT NULL,      -- of the command in the script; 0 of an action
  kind TEXT NOT NULL,             -- checkout | login | cloud_login | pull | push | dependency_update | package | commit | git_push | tag | release | pull_request | issue | comment | label | dispatch | run | deploy | scan | attest | delete
  host TEXT,                      -- of login, pull and push: the registry's, lower case, docker.io where none is named; NULL: computed
  reference TEXT,                 -- what it is done to, `env:` looked through: an image, chart, folder, tag, repository
  token TEXT,                     -- the credential, `env:` looked through; NULL: none is given
  own_token INTEGER,              -- 1: by the run's own GITHUB_TOKEN; 0: by another credential; NULL: cannot be told
  permission TEXT,                -- what GITHUB_TOKEN needs at `write` for it: contents | packages | id-token ...; of a|b one is enough; NULL: nothing
  conditional INTEGER NOT NULL    -- 1: may be left out: an `if:`, a branch, a function
);

CREATE TABLE blob_build_argument (  -- a build argument that a step passes to the build of an image
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL,
  dockerfile TEXT                 -- path from the root of the file that is built; NULL: computed, or of another repository
);

CREATE TABLE blob_dockerfile (    -- a Dockerfile
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its first base image, else its first line
  syntax TEXT                     -- of a first line `# syntax=…`
);

CREATE TABLE blob_dockerfile_argument (  -- an ARG
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  dockerfile INTEGER NOT NULL REFERENCES blob_dockerfile,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL,
  default_value TEXT,             -- as written
  stage INTEGER NOT NULL          -- 0: before the first FROM, else the number of the FROM, from 1
);

CREATE TABLE blob_dockerfile_stage (  -- a FROM
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  dockerfile INTEGER NOT NULL REFERENCES blob_dockerfile,
  span INTEGER NOT NULL REFERENCES span,  -- its image
  stage INTEGER NOT NULL,         -- from 1
  image TEXT NOT NULL,            -- as written
  name TEXT,                      -- AS name
  platform TEXT,                  -- --platform, as written
  filled TEXT,                    -- the image with the defaults of its arguments put in; NULL: one has none, or it is an earlier stage
  undeclared TEXT                 -- a variable in it that no ARG before the first FROM declares
);

CREATE TABLE blob_dockerfile_copy (  -- a source of a COPY or ADD, save in JSON's form, here-documents and what ADD fetches
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  dockerfile INTEGER NOT NULL REFERENCES blob_dockerfile,
  span INTEGER NOT NULL REFERENCES span,  -- the source; where from_stage is set, that name
  stage INTEGER NOT NULL,         -- number of the FROM, from 1
  instruction TEXT NOT NULL,      -- copy | add
  source TEXT NOT NULL,           -- as written
  destination TEXT NOT NULL,      -- as written
  from_stage TEXT,                -- --from: a stage's name or number, or an image; NULL: the build context
  constant INTEGER NOT NULL       -- 1: the source has no variable and no wildcard
);

CREATE TABLE blob_image_build (   -- a step that builds an image from a Dockerfile
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  command INTEGER REFERENCES blob_command,  -- NULL: an action does it
  span INTEGER NOT NULL REFERENCES span,  -- the command, or the action's name
  dockerfile TEXT,                -- its path from the root; NULL: computed, or of another repository
  context TEXT                    -- folder of the build context, from the root; NULL: computed, or no folder
);

CREATE TABLE blob_made_value (    -- a version, tag or name that a step makes and gives to what publishes or edits
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,      -- the value; of a variable that is looked through, where it is set
  use_span INTEGER NOT NULL REFERENCES span,  -- the program or the input that takes it
  purpose TEXT NOT NULL,          -- chart_version | app_version | dependency_version | image_reference | image_tag (written to a file) | release_tag | release_title
  subject TEXT,                   -- of dependency_version: the dependency's name
  made TEXT NOT NULL,             -- JSON: constant texts and holes: ["1.0.0-",{"branch":[["lower"]]},".",{"commit":7}]
  conditional INTEGER NOT NULL    -- 1: its command is in a branch, a loop, a function or after && or ||
);

CREATE TABLE blob_value_hole (    -- a hole of a made value
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  made_value INTEGER NOT NULL REFERENCES blob_made_value,
  span INTEGER NOT NULL REFERENCES span,  -- where what it holds is cut or changed last, else where it is put in
  position INTEGER NOT NULL,      -- among the template's parts, from 0
  holds TEXT NOT NULL,            -- branch | commit | number | any
  digits INTEGER                  -- of a commit: hex digits; 0: as many as git chooses; else NULL
);

CREATE TABLE blob_release_lookup (  -- a script lists releases or tags to find one that was made before
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the program and its subcommand
  lists TEXT NOT NULL,            -- releases | tags
  target_slug TEXT,               -- owner/name; NULL where own_repository or computed
  own_repository INTEGER NOT NULL,  -- 1: those of the repository that runs it
  most INTEGER,                   -- how many it reads, newest first; NULL: all, or not known
  most_span INTEGER REFERENCES span,  -- where that is written; NULL: the program's own choice
  pattern TEXT,                   -- RE2 that a line must match to be taken; NULL: none, or not known
  pattern_span INTEGER REFERENCES span,
  tags_only INTEGER NOT NULL,     -- 1: the pattern is matched with tags; 0: with lines of title, type, tag and time
  takes TEXT NOT NULL,            -- what is taken of the line: tag | title | line | other
  takes_span INTEGER NOT NULL REFERENCES span,  -- what cuts it out
  variable TEXT,                  -- the variable that it is assigned to
  output TEXT,                    -- the step's output that it becomes
  checked INTEGER NOT NULL,       -- 1: the script stops where nothing is found, or looks
  filters INTEGER NOT NULL,       -- 1: with pipefail, finding nothing fails
  conditional INTEGER NOT NULL    -- 1: in a branch, a loop, a function or after && or ||
);

CREATE TABLE blob_tag_choice (    -- a script takes the first or the last of a list of tags
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL in a script file
  step INTEGER REFERENCES blob_step,      -- NULL in a script file
  span INTEGER NOT NULL REFERENCES span,  -- what takes it: tail -1, head -1, .Tags[-1]
  list_span INTEGER NOT NULL REFERENCES span,  -- what lists them
  lists TEXT NOT NULL,            -- git (of the own repository) | remote (of another one) | registry
  pattern TEXT,                   -- which tags are listed, a glob of git; NULL: all
  takes TEXT NOT NULL,            -- first | last
  ordering TEXT NOT NULL,         -- of the list: name | name_descending | version | time | other
  filtered INTEGER NOT NULL       -- 1: grep or the like stands between
);

CREATE TABLE blob_argument (      -- an entry of `with:` or `secrets:`, of a step or of a job that calls a workflow
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER REFERENCES blob_step,      -- NULL: the job's
  span INTEGER NOT NULL REFERENCES span,  -- its value
  key_span INTEGER NOT NULL REFERENCES span,
  section TEXT NOT NULL,          -- with | secrets
  name TEXT NOT NULL,
  value TEXT                      -- as written; NULL for a collection
);

CREATE TABLE blob_artifact_use (  -- a step that uploads or downloads artifacts of workflow runs, a row for each name that its matrix makes
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the name or pattern as written, else the action
  direction TEXT NOT NULL,        -- upload | download
  name TEXT,                      -- matrix values filled in, the rest of ${{ }} kept, a pattern's wildcards too; NULL: all, or by id
  is_pattern INTEGER NOT NULL,    -- 1: takes every artifact whose name matches, and is content with none
  legs INTEGER,                   -- how many jobs of the matrix use this name; NULL: not known
  conditional INTEGER NOT NULL,   -- 1: the step has an `if:` that is not decided by the matrix
  overwrite INTEGER NOT NULL,     -- 1: an upload that takes the place of one of the same name
  major INTEGER,                  -- version of the action; NULL: not written as one
  own_run INTEGER NOT NULL,       -- 1: of the run that it stands in
  workflow_file TEXT,             -- of another run: the workflow's file or name, where the step says it
  own_repository INTEGER NOT NULL, -- 1: of the repository that runs it
  retention_days INTEGER,         -- of an upload: `retention-days`; NULL: not written, or computed
  root TEXT                       -- of an upload: what its paths have in common, which they lose inside; of a download: the folder that it is put in; NULL: computed
);

CREATE TABLE blob_change_filter (  -- a pattern of a filter of dorny/paths-filter, which is true if any of its patterns matches
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the pattern
  filter TEXT NOT NULL,           -- name of the filter, which is an output of the step
  position INTEGER NOT NULL,      -- from 0 within the filter
  pattern TEXT NOT NULL,          -- with its !
  every INTEGER NOT NULL          -- 1: `predicate-quantifier: every`, all of a filter's patterns must match one file
);

CREATE TABLE blob_name_lookup (   -- a job, check or artifact that a step looks up by its name
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the name
  subject TEXT NOT NULL,          -- job | check | artifact
  name TEXT NOT NULL,             -- as compared, ${{ }} kept
  comparison TEXT NOT NULL        -- equal | prefix | part
);

CREATE TABLE blob_environment_variable (  -- an entry of `env:`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL: the workflow's
  step INTEGER REFERENCES blob_step,      -- NULL: the job's or the workflow's
  span INTEGER NOT NULL REFERENCES span,  -- its value
  name TEXT NOT NULL,
  value TEXT                      -- as written
);

CREATE TABLE blob_uses (          -- what a `uses:` names
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER REFERENCES blob_step,      -- NULL: the job's, a reusable workflow
  span INTEGER NOT NULL REFERENCES span,
  form TEXT NOT NULL,             -- action | workflow | local_action | local_workflow | docker | unreadable
  slug TEXT,                      -- owner/name of the repository; NULL for local ones and docker
  path TEXT,                      -- folder of the action, or file of the workflow, from that repository's root
  revision TEXT                   -- after @
);

CREATE TABLE blob_condition (     -- an `if:`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER REFERENCES blob_step,      -- NULL: the job's
  span INTEGER NOT NULL REFERENCES span,  -- the whole condition
  cause_span INTEGER REFERENCES span,     -- the text that makes it constant
  expression TEXT NOT NULL,       -- as written
  constant INTEGER,               -- 1 always true, 0 always false, NULL: depends on the run
  cause TEXT                      -- text_around_template | string_operand | literal | status_function | other
);

CREATE TABLE blob_condition_event (  -- what a condition comes to where one event of `on:` started the run; no row where that depends
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  condition INTEGER NOT NULL REFERENCES blob_condition,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  result INTEGER NOT NULL         -- 1: always true, 0: never
);

CREATE TABLE blob_condition_test (  -- a comparison (or contains, startsWith, endsWith) within a condition that one event of `on:` decides, or never gets to
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  condition INTEGER NOT NULL REFERENCES blob_condition,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger,
  span INTEGER NOT NULL REFERENCES span,
  result INTEGER,                 -- 1: always true, 0: never; NULL: never got to, since what stands before it has decided
  whatever_filters INTEGER NOT NULL,  -- 1: so for every run of that event; 0: by the trigger's filters
  reads TEXT,                     -- the first context that it reads: github.ref
  gap TEXT                        -- the first context that it reads and the event does not give
);

CREATE TABLE blob_expression_error (  -- a ${{ }} or `if:` that is no expression
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  message TEXT NOT NULL
);

CREATE TABLE blob_context_read (  -- a context that an expression reads, the longest chain of keys
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL: outside jobs
  step INTEGER REFERENCES blob_step,      -- NULL: outside steps
  span INTEGER NOT NULL REFERENCES span,
  path TEXT NOT NULL,             -- steps.build.outputs.version; contexts in lower case, keys as written
  exact INTEGER NOT NULL,         -- 0: path is a prefix, the rest is computed (a[b], a.*)
  has_fallback INTEGER NOT NULL,  -- 1: left of ||, so an empty value is expected
  in_condition INTEGER NOT NULL   -- 1: stands in an `if:`
);

CREATE TABLE blob_context_gap (   -- a context that is read and that one event of `on:` never gives: it is empty then
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  context_read INTEGER NOT NULL REFERENCES blob_context_read,
  workflow_trigger INTEGER NOT NULL REFERENCES blob_workflow_trigger
);

CREATE TABLE blob_dispatch (      -- a repository_dispatch that is sent
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the event type, else the call
  sender TEXT NOT NULL,           -- action | gh | curl | github-script
  target_slug TEXT,               -- owner/name; NULL where own_repository or computed
  own_repository INTEGER NOT NULL,  -- 1: sent to the repository that runs it
  event_type TEXT,                -- NULL: computed
  payload_complete INTEGER NOT NULL,  -- 1: dispatch_key holds every top-level key of client_payload
  payload_is_text INTEGER NOT NULL    -- 1: client_payload is sent as a string, which the server refuses
);

CREATE TABLE blob_dispatch_key (  -- a top-level key of client_payload that is sent
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  dispatch INTEGER NOT NULL REFERENCES blob_dispatch,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL
);

CREATE TABLE blob_workflow_call_by_script (  -- `gh workflow run`, the API call, or an action that makes it: a workflow_dispatch that is sent
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the workflow's name, file or id
  workflow_id TEXT NOT NULL,      -- as written
  target_slug TEXT,               -- owner/name; NULL where own_repository or computed
  own_repository INTEGER NOT NULL,
  ref TEXT,                       -- the branch or tag that it is to run on; NULL: none is said, or it is computed
  ref_span INTEGER REFERENCES span,
  inputs_complete INTEGER NOT NULL  -- 1: workflow_call_input holds every input that is passed
);

CREATE TABLE blob_workflow_call_input (  -- an input that such a call passes
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  workflow_call_by_script INTEGER NOT NULL REFERENCES blob_workflow_call_by_script,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL
);

CREATE TABLE blob_path_mention (  -- a file of the repository that a document names
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,
  step INTEGER REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,
  relative_to TEXT NOT NULL,      -- root | file: what `path` starts from
  path TEXT NOT NULL,             -- as written, cleaned of a leading ./
  purpose TEXT NOT NULL,          -- script | local_action | local_workflow | chart | workflow_id | path_filter (a pattern of `on.*.paths`) | owner_pattern (of CODEOWNERS) | copy_source | dependabot_directory | manifest | application_source (a folder) | value_file | thresholds (that a tool compares with) | module (of Terraform) | terraform_root | gitlab_include | gitlab_include_pattern (RE2) | baseline (that a program compares with) | uploaded (as an artifact) | setting_file (that a script writes settings to) | templates (the folder of a chart that has dependencies)
  certain INTEGER NOT NULL        -- 0: a step before may have made or fetched it
);

CREATE TABLE blob_action (        -- an action.yml
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT,
  runs_using TEXT                 -- composite | node20 | docker | ...
);

CREATE TABLE blob_action_input (
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  action INTEGER NOT NULL REFERENCES blob_action,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,
  required INTEGER NOT NULL,
  default_value TEXT
);

CREATE TABLE blob_action_output (
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  action INTEGER NOT NULL REFERENCES blob_action,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,
  value TEXT
);

-- ---------------------------------------------------------------------------------------------- other files of a repository

CREATE TABLE blob_codeowners_rule (  -- a line of a CODEOWNERS file; of those that match a path the last one counts
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the pattern; where only an owner is wrong, that one
  position INTEGER NOT NULL,      -- from 0
  pattern TEXT NOT NULL,          -- as written
  globs TEXT,                     -- JSON array: the same as patterns of a path filter, of which one must match; NULL: not read
  owners INTEGER NOT NULL,        -- how many it names; 0: nobody owns what it matches
  problem TEXT                    -- why GitHub skips the line
);

CREATE TABLE blob_dependabot_update (  -- an entry of `updates:` of .github/dependabot.yml
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its ecosystem
  position INTEGER NOT NULL,      -- from 0
  ecosystem TEXT NOT NULL,        -- package-ecosystem: github-actions, docker, gomod, npm ...
  target_branch TEXT,             -- NULL: the default branch
  target_branch_span INTEGER REFERENCES span
);

CREATE TABLE blob_dependabot_directory (  -- a folder that such an entry watches
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  dependabot_update INTEGER NOT NULL REFERENCES blob_dependabot_update,
  span INTEGER NOT NULL REFERENCES span,
  directory TEXT NOT NULL,        -- as written
  folder TEXT,                    -- the same from the root, without slashes at its ends; NULL: it has wildcards, or climbs out
  manifest TEXT                   -- the file that must stand in it; NULL: the ecosystem has several, or is not known
);

CREATE TABLE blob_kubernetes_object (  -- a document with apiVersion and kind
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its kind
  document INTEGER NOT NULL,      -- number in the stream, from 0
  api_version TEXT NOT NULL,
  kind TEXT NOT NULL,             -- Secret, Application ...
  name TEXT,                      -- metadata.name
  object_namespace TEXT           -- metadata.namespace
);

CREATE TABLE blob_kubernetes_secret_field (  -- a label, annotation or value of a Secret
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  kubernetes_object INTEGER NOT NULL REFERENCES blob_kubernetes_object,
  span INTEGER NOT NULL REFERENCES span,  -- the value
  section TEXT NOT NULL,          -- labels | annotations | data | stringData
  key TEXT NOT NULL,
  value TEXT NOT NULL             -- as written; of data in base64
);

-- ---------------------------------------------------------------------------------------------- environment files

CREATE TABLE blob_dotenv (        -- a file of lines NAME=value: .env, config.env, .env.example
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its first name, else its first byte
  complete INTEGER NOT NULL       -- 0: it holds lines that are no NAME=value
);

CREATE TABLE blob_dotenv_entry (  -- a line NAME=value; of a name that stands twice the last one counts
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,       -- the value, without quotes
  name_span INTEGER NOT NULL REFERENCES span,
  position INTEGER NOT NULL,      -- from 0
  name TEXT NOT NULL,
  value TEXT NOT NULL,            -- without quotes; what is expanded stays as written
  quote TEXT NOT NULL,            -- none | single | double
  constant INTEGER NOT NULL       -- 1: nothing in it is expanded
);

CREATE TABLE blob_dotenv_reference (  -- a variable in such a value
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  dotenv_entry INTEGER NOT NULL REFERENCES blob_dotenv_entry,
  span INTEGER NOT NULL REFERENCES span,  -- $X or ${X…}
  name_span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,
  has_fallback INTEGER NOT NULL   -- 1: it says what stands for an empty one (${X:-…}), or that it must not be empty (${X:?…})
);

-- ---------------------------------------------------------------------------------------------- Atlas Stream Processing

CREATE TABLE blob_stream_processor (  -- a JSON file of a folder processors/ that is a stream processor, or meant as one
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its first key
  name TEXT,                      -- NULL: none, or no text
  stages INTEGER NOT NULL,        -- how many stages its pipeline has
  is_processor INTEGER NOT NULL,  -- 1: some stage is an operator ($source …), so the file is meant as a processor
  has_dlq INTEGER NOT NULL,       -- 1: options.dlq is written
  says_sinkless INTEGER NOT NULL, -- 1: its name, a key or its description says that it has no sink on purpose
  says_stopped INTEGER NOT NULL,  -- 1: a key says that it is not to run: "state": "STOPPED", "enabled": false
  document TEXT,                  -- what the service takes to change it: pipeline, options and tier as one JSON object
  tier TEXT,                      -- SP10, as written
  tier_span INTEGER REFERENCES span
);

CREATE TABLE blob_stream_stage (  -- a stage of a pipeline, those inside windows too
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  stream_processor INTEGER NOT NULL REFERENCES blob_stream_processor,
  window_stage INTEGER REFERENCES blob_stream_stage,  -- the window in whose pipeline it stands; NULL: at the top
  span INTEGER NOT NULL REFERENCES span,  -- its operator
  position INTEGER NOT NULL,      -- in its pipeline, from 0
  last INTEGER NOT NULL,          -- 1: the last one of its pipeline
  stage_operator TEXT NOT NULL,   -- $source, $match, $merge ...
  dlq_span INTEGER REFERENCES span  -- `dlq` of onError or validationAction: what fails here goes to the dead-letter queue; of a stage
                                    -- that does so unless told ($https): its operator
);

CREATE TABLE blob_stream_use (    -- a connection that a processor names
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  stream_processor INTEGER NOT NULL REFERENCES blob_stream_processor,
  stream_stage INTEGER REFERENCES blob_stream_stage,  -- NULL: options.dlq
  span INTEGER NOT NULL REFERENCES span,  -- the connection's name
  role TEXT NOT NULL,             -- the stage's operator; registry: its schemaRegistry; dlq
  connection_name TEXT NOT NULL,  -- as written
  constant INTEGER NOT NULL       -- 0: it is a placeholder: {{X}}, ${X}, $X
);

CREATE TABLE blob_stream_connection (  -- a connection that a file of a folder connections/ declares
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its type
  position INTEGER NOT NULL,      -- in the file, from 0
  alone INTEGER NOT NULL,         -- 1: the file is this one connection, not a list
  name TEXT,
  type TEXT,                      -- Cluster, Kafka, Https ...
  type_span INTEGER REFERENCES span,
  constant INTEGER NOT NULL       -- 0: its name is a placeholder
);

CREATE TABLE blob_stream_field (   -- a value of a processor's pipeline and options, or of a connection, that the service has to hold too
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  stream_processor INTEGER REFERENCES blob_stream_processor,    -- NULL: of a connection
  stream_connection INTEGER REFERENCES blob_stream_connection,  -- NULL: of a processor
  span INTEGER NOT NULL REFERENCES span,  -- the value
  pointer TEXT NOT NULL,          -- JSON pointer: /pipeline/1/$match/total, /options/dlq/coll, /bootstrapServers
  value TEXT NOT NULL,            -- JSON in one spelling; {} and [] where nothing is inside
  constant INTEGER NOT NULL       -- 0: a placeholder stands in it, so that it may come to anything
);

CREATE TABLE blob_stream_problem (  -- what the service would refuse a processor or connection for, by its shape alone
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  subject TEXT NOT NULL,          -- processor | ends (of its pipeline) | dlq | connection | thresholds
  problem TEXT NOT NULL           -- in words: "its pipeline is no list"
);

CREATE TABLE blob_stream_secret (  -- a credential that is written out in a processor or connection
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the value
  key TEXT NOT NULL,              -- its key: password, Authorization
  kind TEXT NOT NULL              -- field (its key says so) | form (the text has the form of a credential)
);

CREATE TABLE blob_stream_threshold (  -- an entry of environments/<name>/thresholds.json
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the value
  key_span INTEGER NOT NULL REFERENCES span,
  processor TEXT,                 -- the object that holds it, named for a processor; NULL: at the top, for all
  processor_span INTEGER REFERENCES span,
  key TEXT NOT NULL,              -- memory_mb | latency_p99_ms | throughput_min, or what stands there
  value TEXT,                     -- as written; NULL: a list or an object
  positive INTEGER NOT NULL       -- 1: a number above 0
);

CREATE TABLE blob_stream_command (  -- a call of the tool `sp`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL in a script file
  step INTEGER REFERENCES blob_step,      -- NULL in a script file
  span INTEGER NOT NULL REFERENCES span,  -- from the program to the verb
  position INTEGER NOT NULL,      -- in the script, from 0
  program TEXT NOT NULL,          -- as called: ./sp
  program_span INTEGER NOT NULL REFERENCES span,
  subject TEXT NOT NULL,          -- processors | connections | workspaces
  verb TEXT NOT NULL,             -- create | start | stop | drop | list | test ...
  for_all INTEGER NOT NULL,       -- 1: --all, --all-tier
  automatic INTEGER NOT NULL,     -- 1: --auto
  flags TEXT NOT NULL,            -- JSON array of its options, as written
  name TEXT,                      -- of -p, where it is constant: a processor
  name_span INTEGER REFERENCES span,
  tier TEXT,                      -- of -t or --all-tier, holes as ${X}
  tier_span INTEGER REFERENCES span,
  thresholds TEXT,                -- of --thresholds, from the root; NULL: none, or computed
  thresholds_span INTEGER REFERENCES span,
  filter TEXT,                    -- what a jq or grep behind it in the pipeline asks
  filter_span INTEGER REFERENCES span,
  folder TEXT,                    -- in which it runs, from the root (of a script file: from where that starts); NULL: not known
  conditional INTEGER NOT NULL    -- 1: in a branch, a loop, a function or after && or ||
);

CREATE TABLE blob_written_setting (  -- a line KEY=… that a script writes to a file, by echo, printf or cat
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL in a script file
  step INTEGER REFERENCES blob_step,      -- NULL in a script file
  span INTEGER NOT NULL REFERENCES span,  -- the key
  key TEXT NOT NULL,
  value TEXT NOT NULL,            -- holes as ${X}
  target TEXT NOT NULL,           -- the file, from the root (of a script file: from where that starts)
  conditional INTEGER NOT NULL
);

CREATE TABLE blob_written_file (  -- a file that a script writes by > or >>, or the tool `sp` by --output
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER REFERENCES blob_job,        -- NULL in a script file
  step INTEGER REFERENCES blob_step,      -- NULL in a script file
  span INTEGER NOT NULL REFERENCES span,  -- its path as written
  written TEXT NOT NULL,          -- the same, holes as ${X}
  folder TEXT,                    -- in which the script stands there, from the root (of a script file: from where that starts); NULL: not known
  path TEXT                       -- both joined: from the root; NULL: the folder is not known, or it climbs out
);

CREATE TABLE blob_gitignore_pattern (  -- a pattern of a .gitignore
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  position INTEGER NOT NULL,      -- from 0; the last one that matches counts
  negated INTEGER NOT NULL,       -- 1: with !: what it matches is not ignored
  glob TEXT NOT NULL              -- the same as a glob of trueup.yaml, seen from the file's folder: **/config.txt
);

-- ---------------------------------------------------------------------------------------------- Docker Compose

CREATE TABLE blob_compose_service (  -- a service of a compose file
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL,
  image TEXT,                     -- as written
  network_mode TEXT               -- host, bridge ...
);

CREATE TABLE blob_compose_variable (  -- a variable that Compose puts into a compose file: ${APP_IMAGE_TAG:-7.6.8}
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  compose_service INTEGER REFERENCES blob_compose_service,  -- NULL: outside of services
  span INTEGER NOT NULL REFERENCES span,  -- $X or ${X…}
  name TEXT NOT NULL,
  form TEXT NOT NULL,             -- plain (empty where it is not set) | default (${X:-7.6.8}) | required (${X:?…}) | alternate (${X:+…})
  fallback TEXT,                  -- of default: what stands for it
  fallback_span INTEGER REFERENCES span
);

CREATE TABLE blob_compose_file (  -- a file or folder of the host that a service takes
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  compose_service INTEGER NOT NULL REFERENCES blob_compose_service,
  span INTEGER NOT NULL REFERENCES span,
  purpose TEXT NOT NULL,          -- env_file | volume
  source TEXT NOT NULL,           -- on the host, as written: ./a.env, ~/.a.env
  required INTEGER NOT NULL       -- 0: `required: false`
);

CREATE TABLE blob_compose_port (  -- a port that a service publishes
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  compose_service INTEGER NOT NULL REFERENCES blob_compose_service,
  span INTEGER NOT NULL REFERENCES span,
  host_port INTEGER,              -- NULL: any, a range, or computed
  container_port INTEGER          -- NULL: a range, or computed
);

CREATE TABLE blob_guide_mention (  -- what a text for people at the root of a repository (README.md ...) tells to use
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  kind TEXT NOT NULL,             -- env_file (a path that ends in .env) | tunnel_port (of `ngrok http 4141`) | webhook_url (where GitHub is told to send events) | app_permission | app_event (of a GitHub App, in a list)
  value TEXT NOT NULL,            -- of app_permission: its name in the API and what it allows: pull_requests=write; of app_event: pull_request_review
  list INTEGER                    -- of app_permission and app_event: number of the list that it stands in, from 0; such lists that follow each other are one
);

-- ---------------------------------------------------------------------------------------------- Terraform and Atlantis

CREATE TABLE blob_terraform_block (  -- a block of a file of Terraform, of its JSON too (*.tf.json)
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  parent INTEGER REFERENCES blob_terraform_block,  -- NULL: at the top
  span INTEGER NOT NULL REFERENCES span,  -- its type
  type TEXT NOT NULL,             -- terraform, backend, module, resource ...
  label TEXT,                     -- its first label: a module's name, a resource's type
  name TEXT                       -- its second one: a resource's name
);

CREATE TABLE blob_terraform_attribute (  -- an attribute of a block
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  terraform_block INTEGER REFERENCES blob_terraform_block,
  span INTEGER NOT NULL REFERENCES span,       -- the value, of a text without its quotes
  name_span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,             -- string | number | boolean | null | unknown (an expression)
  value TEXT                      -- decoded text of a literal; NULL: an expression, or longer than trueup keeps
);

CREATE TABLE blob_atlantis_config (  -- atlantis.yaml, or the server's configuration of repositories
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its first key
  side TEXT NOT NULL,             -- repository | server
  version TEXT,                   -- as written
  version_span INTEGER REFERENCES span,
  autodiscover TEXT               -- autodiscover.mode: auto | enabled | disabled
);

CREATE TABLE blob_atlantis_project (  -- a project (root) of atlantis.yaml
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  atlantis_config INTEGER NOT NULL REFERENCES blob_atlantis_config,
  span INTEGER NOT NULL REFERENCES span,  -- its dir, else its first key
  position INTEGER NOT NULL,      -- from 0
  name TEXT,
  name_span INTEGER REFERENCES span,
  dir TEXT,                       -- as written
  folder TEXT,                    -- the same from the repository's root; NULL: it climbs out, is absolute, or there is none
  has_wildcard INTEGER NOT NULL,  -- 1: dir is a pattern
  workspace TEXT NOT NULL,        -- `default` where not written
  workflow TEXT,
  workflow_span INTEGER REFERENCES span,
  terraform_version TEXT,
  terraform_version_span INTEGER REFERENCES span
);

CREATE TABLE blob_atlantis_pattern (  -- an entry of autoplan.when_modified
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  atlantis_project INTEGER NOT NULL REFERENCES blob_atlantis_project,
  span INTEGER NOT NULL REFERENCES span,
  position INTEGER NOT NULL,      -- from 0
  pattern TEXT NOT NULL           -- as written, seen from the project's folder
);

CREATE TABLE blob_atlantis_workflow (  -- a workflow that such a file defines
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  atlantis_config INTEGER NOT NULL REFERENCES blob_atlantis_config,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL
);

CREATE TABLE blob_atlantis_repo (  -- an entry of `repos:` of the server's configuration
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  atlantis_config INTEGER NOT NULL REFERENCES blob_atlantis_config,
  span INTEGER NOT NULL REFERENCES span,  -- its id
  position INTEGER NOT NULL,      -- from 0; the last entry that matches a repository counts
  pattern TEXT NOT NULL,          -- its id: host/owner/name, or /regular expression/
  workflow TEXT,
  workflow_span INTEGER REFERENCES span
);

CREATE TABLE blob_atlantis_setting (  -- a setting of the server's configuration, of an entry of `repos:` or of a project
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  atlantis_config INTEGER NOT NULL REFERENCES blob_atlantis_config,
  atlantis_repo INTEGER REFERENCES blob_atlantis_repo,        -- NULL: of none
  atlantis_project INTEGER REFERENCES blob_atlantis_project,  -- NULL: of none
  span INTEGER NOT NULL REFERENCES span,  -- the value, of a list its key
  key TEXT NOT NULL,              -- its keys with dots: apply_requirements, apply_settings.branch_restriction, autoplan.enabled
  value TEXT,                     -- as written; NULL: a list
  items TEXT                      -- of a list: JSON array of its texts
);

CREATE TABLE blob_module_source (  -- a module's source that leads into a git repository: git::https://host/owner/name//folder?ref=v1
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  terraform_block INTEGER NOT NULL REFERENCES blob_terraform_block,
  span INTEGER NOT NULL REFERENCES span,  -- as written
  host TEXT NOT NULL,             -- github.com
  slug TEXT NOT NULL,             -- owner/name
  folder TEXT NOT NULL,           -- behind //, from the repository's root; '' where there is none
  folder_span INTEGER REFERENCES span,
  ref TEXT,                       -- of ?ref=: a branch, tag or commit; NULL: the default branch
  ref_span INTEGER REFERENCES span
);

CREATE TABLE blob_deployment (    -- a deployment of a Terraform root that a file records
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its revision
  position INTEGER NOT NULL,      -- in the file, from 0
  deployment_id TEXT,             -- of this one deployment
  slug TEXT,                      -- owner/name of the repository of the root; NULL: it does not say, the file's path may
  root TEXT,                      -- name of the root; NULL: as above
  revision TEXT NOT NULL,         -- commit, as written
  branch TEXT,                    -- that it was deployed from
  trigger_kind TEXT,              -- merge | manual, or what stands there in lower case
  rerun INTEGER NOT NULL,         -- 1: of a revision that was deployed before
  locked INTEGER,                 -- whether it locks the root's queue; NULL: it does not say
  status TEXT,                    -- what became of it, in lower case
  deployed_at TEXT                -- RFC 3339, UTC
);

-- ---------------------------------------------------------------------------------------------- Helm charts

CREATE TABLE blob_chart (         -- a Chart.yaml
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its first key
  api_version TEXT,               -- v1 | v2; text fields hold what Helm reads (unquoted 1.10 is 1.1)
  name TEXT,
  version TEXT,
  version_text TEXT,              -- as written
  version_span INTEGER REFERENCES span,
  app_version TEXT,
  app_version_text TEXT,          -- as written
  app_version_span INTEGER REFERENCES span,
  type TEXT,                      -- application | library
  kube_version TEXT,
  deprecated INTEGER NOT NULL,
  requirements TEXT NOT NULL      -- its dependencies as the canonical JSON that Helm hashes
);

CREATE TABLE blob_chart_dependency (  -- an entry of `dependencies:` of Chart.yaml or requirements.yaml
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  position INTEGER NOT NULL,      -- from 0
  name TEXT,                      -- as Helm reads it
  version TEXT,                   -- the constraint, as Helm reads it
  version_text TEXT,              -- as written
  version_span INTEGER REFERENCES span,
  repository_url TEXT,            -- oci://…, https://…, file://…, @name, alias:name or NULL
  repository_span INTEGER REFERENCES span,
  oci_repository TEXT,            -- host/path/name of an oci:// dependency
  oci_parent TEXT,                -- host/path of an oci:// dependency
  alias TEXT,
  condition TEXT,
  tags TEXT,                      -- JSON array
  imports TEXT                    -- JSON array: the parents of `import-values`, as written (data.config); "" for an entry that names no parent
);

CREATE TABLE blob_chart_requirements (  -- a requirements.yaml
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  requirements TEXT NOT NULL      -- canonical JSON, as blob_chart.requirements
);

CREATE TABLE blob_chart_lock (    -- a Chart.lock or requirements.lock
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the digest, else the first key
  digest TEXT,
  generated TEXT,
  locked TEXT NOT NULL            -- its dependencies as the canonical JSON that Helm hashes
);

CREATE TABLE blob_chart_lock_entry (
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its version, else its name
  position INTEGER NOT NULL,
  name TEXT,
  version TEXT,
  repository_url TEXT
);

CREATE TABLE blob_helmignore_pattern (  -- a line of a .helmignore that is neither blank nor a comment
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  position INTEGER NOT NULL,      -- from 0
  pattern TEXT NOT NULL,          -- as written, with its !
  negated INTEGER NOT NULL,       -- 1: !x, with which Helm drops everything but x
  problem TEXT,                   -- why Helm refuses it, and with it the chart
  problem_span INTEGER REFERENCES span  -- the characters that it refuses
);

CREATE TABLE blob_chart_value (   -- a scalar of a values file
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  pointer TEXT NOT NULL,          -- JSON pointer
  key TEXT,                       -- its own key; NULL in a list
  value TEXT NOT NULL,            -- as written, decoded
  quoted INTEGER NOT NULL,        -- 1: quoted or a block scalar
  value_type TEXT NOT NULL,       -- string | boolean | integer | float | null, as Helm types it
  rendered TEXT NOT NULL          -- what a template prints of it
);

CREATE TABLE blob_chart_value_key (  -- a key at the top of a values file
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  key TEXT NOT NULL,
  value_kind TEXT NOT NULL,       -- mapping | sequence | scalar
  anchored INTEGER NOT NULL       -- 1: its value has an anchor, so that other places of the file may take it
);

CREATE TABLE blob_commented_values (  -- what the comments of a values file name: `# key:`, `@param a.b`
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the first of them
  names TEXT NOT NULL             -- keys, with dots between them, each between line breaks
);

CREATE TABLE blob_chart_template_value (  -- a value that a template of a chart names, each once, and once where it guards
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  pointer TEXT NOT NULL,          -- /image/tag for .Values.image.tag, with all that is below it; empty: all of the values
  guards INTEGER NOT NULL         -- 1: what `if` or `with` opens is left out where it is not set
);

-- ---------------------------------------------------------------------------------------------- ArgoCD
-- Manifests, and answers of servers in the same shape. A text of an Application that a set makes keeps those {{ }} that are
-- not known without a cluster.

CREATE TABLE blob_application_set (  -- an ArgoCD ApplicationSet
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its kind
  document INTEGER NOT NULL,      -- number in the stream, from 0
  name TEXT,                      -- metadata.name
  object_namespace TEXT,          -- metadata.namespace
  generated INTEGER NOT NULL,     -- how many Applications it is known to make; one more row stands for the rest where not complete
  complete INTEGER NOT NULL,      -- 1: those are all
  because TEXT                    -- why they are not
);

CREATE TABLE blob_application_set_spec (  -- the spec of an ApplicationSet in the form that live ones have too, so that one text is compared
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_set INTEGER NOT NULL REFERENCES blob_application_set,
  fields TEXT NOT NULL            -- a flat JSON object, pointer -> value, without what is empty: see live_application_set
);

CREATE TABLE blob_application_set_field (  -- a value of that spec, where it stands
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_set INTEGER NOT NULL REFERENCES blob_application_set,
  span INTEGER NOT NULL REFERENCES span,
  pointer TEXT NOT NULL           -- from the spec: /template/spec/source/targetRevision
);

CREATE TABLE blob_application (   -- an ArgoCD Application, written as one or made by an ApplicationSet
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_set INTEGER REFERENCES blob_application_set,  -- NULL: written as one
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its kind
  element_span INTEGER REFERENCES span,   -- of a made one: what gives its parameters, an element of a list or a pattern of paths
  element_slugs TEXT,             -- of a made one: the repositories in which its parameters were found, lower case, a space before and behind each
  document INTEGER NOT NULL,      -- number in the stream, from 0
  name TEXT,                      -- metadata.name
  object_namespace TEXT,          -- metadata.namespace
  project_name TEXT,              -- spec.project
  project_span INTEGER REFERENCES span,
  multi_source INTEGER NOT NULL,  -- 1: spec.sources; 0: spec.source
  destination_server TEXT,        -- a URL
  destination_name TEXT,          -- of the cluster
  destination_namespace TEXT,
  destination_span INTEGER REFERENCES span,  -- server, else name, else namespace
  automated INTEGER,              -- 1: it syncs by itself; 0: `enabled: false` turns that off; NULL: not written
  automated_span INTEGER REFERENCES span,    -- `enabled`, else `automated`
  automated_commented INTEGER NOT NULL,      -- 1: a comment stands on that line or on the one above
  prune INTEGER NOT NULL,         -- 1: what git no longer has is deleted
  self_heal INTEGER NOT NULL,     -- 1: what others change is changed back
  uncertain TEXT                  -- why any of it may be otherwise: a templatePatch, a generator that overrides its template
);

CREATE TABLE blob_application_spec (  -- the spec of an Application in the form that live ones have too, so that one text is compared
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application INTEGER NOT NULL REFERENCES blob_application,
  fields TEXT NOT NULL            -- a flat JSON object, pointer -> value, without what ArgoCD leaves out: see live_application
);

CREATE TABLE blob_application_field (  -- a value of that spec, where it stands
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application INTEGER NOT NULL REFERENCES blob_application,
  span INTEGER NOT NULL REFERENCES span,
  pointer TEXT NOT NULL           -- from the spec: /source/targetRevision
);

CREATE TABLE blob_application_source (  -- a place that an Application is rendered from
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application INTEGER NOT NULL REFERENCES blob_application,
  span INTEGER NOT NULL REFERENCES span,  -- its repoURL, else its first key
  position INTEGER NOT NULL,      -- from 0
  repo_url TEXT,                  -- repoURL
  host TEXT,                      -- of repoURL where it reads as that of a git repository, lower case
  slug TEXT,                      -- its path there without .git: owner/name
  oci_repository TEXT,            -- host/path/chart in an OCI registry; NULL for git and for repositories with an index
  path TEXT,                      -- as written
  path_span INTEGER REFERENCES span,
  folder TEXT,                    -- path from the repository's root, clean, '' for the root; NULL: not written, climbs out, or not known
  chart TEXT,
  chart_span INTEGER REFERENCES span,
  target_revision TEXT,           -- branch, tag, commit, version or range; NULL: HEAD, the newest version
  target_revision_span INTEGER REFERENCES span,
  tag_prefix TEXT,                -- tagPrefix: of the tags that a range is of
  ref TEXT,                       -- what value files call it: $ref/path
  ref_span INTEGER REFERENCES span,
  tool TEXT,                      -- helm | kustomize | directory | plugin where it says; NULL: told by the files there
  release_name TEXT,              -- helm.releaseName
  ignore_missing_value_files INTEGER NOT NULL
);

CREATE TABLE blob_application_value_file (  -- an entry of helm.valueFiles
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_source INTEGER NOT NULL REFERENCES blob_application_source,
  span INTEGER NOT NULL REFERENCES span,
  position INTEGER NOT NULL,      -- from 0
  value_file TEXT NOT NULL,       -- as written
  ref TEXT,                       -- the source that a leading $ref names; NULL: its own
  path TEXT                       -- from the root of that source's repository; NULL: a URL, with wildcards or variables, in a chart, climbs out
);

CREATE TABLE blob_application_parameter (  -- an entry of helm.parameters: --set, or --set-string
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_source INTEGER NOT NULL REFERENCES blob_application_source,
  span INTEGER NOT NULL REFERENCES span,  -- its value, else its name
  position INTEGER NOT NULL,      -- from 0
  name TEXT NOT NULL,             -- as written: image.tag
  value TEXT,
  force_string INTEGER NOT NULL
);

CREATE TABLE blob_application_value (  -- a scalar of helm.valuesObject, or of helm.values where there is no such object
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_source INTEGER NOT NULL REFERENCES blob_application_source,
  span INTEGER NOT NULL REFERENCES span,
  pointer TEXT NOT NULL,          -- JSON pointer
  value TEXT NOT NULL,            -- as written, decoded
  value_type TEXT NOT NULL        -- string | boolean | integer | float | null, as Helm types it
);

CREATE TABLE blob_application_image (  -- an entry of kustomize.images
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application_source INTEGER NOT NULL REFERENCES blob_application_source,
  span INTEGER NOT NULL REFERENCES span,
  old_name TEXT NOT NULL,         -- the image that is replaced
  image TEXT NOT NULL             -- by what: name:tag, name@digest
);

CREATE TABLE blob_application_ignore (  -- a path of ignoreDifferences
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application INTEGER NOT NULL REFERENCES blob_application,
  span INTEGER NOT NULL REFERENCES span,
  object_group TEXT,              -- `group`; NULL: the core group
  object_kind TEXT,               -- `kind`
  object_name TEXT,               -- NULL: all of that kind
  object_namespace TEXT,
  language TEXT NOT NULL,         -- json_pointer | jq | manager (of fields)
  path TEXT NOT NULL,             -- as written
  commented INTEGER NOT NULL      -- 1: a comment stands on its line or above it, or above the entry
);

CREATE TABLE blob_application_sync_option (  -- an entry of syncPolicy.syncOptions
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application INTEGER NOT NULL REFERENCES blob_application,
  span INTEGER NOT NULL REFERENCES span,
  name TEXT NOT NULL,             -- CreateNamespace
  value TEXT NOT NULL             -- true
);

CREATE TABLE blob_application_annotation (  -- an annotation of an Application
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  application INTEGER NOT NULL REFERENCES blob_application,
  span INTEGER NOT NULL REFERENCES span,  -- its value
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  commented INTEGER NOT NULL      -- 1: a comment stands on its line or on the one above
);

CREATE TABLE blob_resource_ignore (  -- a path of resource.customizations.ignoreDifferences in argocd-cm: for all Applications
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the setting's text
  object_group TEXT NOT NULL,     -- '' for the core group; '*' for any
  object_kind TEXT NOT NULL,
  language TEXT NOT NULL,         -- json_pointer | jq | manager (of fields), or unread: a text that is no YAML
  path TEXT NOT NULL              -- as written
);

CREATE TABLE blob_image_updater (  -- an entry of applicationRefs of an ImageUpdater: whose images ArgoCD's image updater changes by itself
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  object_namespace TEXT,          -- of the Applications; NULL: that of the ImageUpdater
  name_pattern TEXT NOT NULL,     -- of their names, with wildcards
  by_label INTEGER NOT NULL,      -- 1: only of those that have some labels
  method TEXT NOT NULL,           -- argocd: in the live object; git, git:secret:…: as commits
  written_parameters TEXT NOT NULL  -- which of helm.parameters it writes: a JSON array of names
);

CREATE TABLE blob_application_patch (  -- what a kustomization may change in Applications: a part of one, or a patch or replacement that aims at them
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,
  target_name TEXT                -- NULL: any, or a pattern of names
);

CREATE TABLE blob_project (       -- an ArgoCD AppProject
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name, else its kind
  document INTEGER NOT NULL,      -- number in the stream, from 0
  name TEXT,                      -- metadata.name
  object_namespace TEXT,          -- metadata.namespace
  sources_span INTEGER REFERENCES span,      -- spec.sourceRepos
  destinations_span INTEGER REFERENCES span  -- spec.destinations
);

CREATE TABLE blob_project_window (  -- an entry of syncWindows: when Applications may, or may not, be synced
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  project INTEGER NOT NULL REFERENCES blob_project,
  span INTEGER NOT NULL REFERENCES span,
  kind TEXT NOT NULL,             -- allow | deny
  schedule TEXT,                  -- cron
  duration TEXT,                  -- 1h
  applications TEXT NOT NULL,     -- JSON array of patterns of names; of destinations' namespaces; of their servers or names
  namespaces TEXT NOT NULL,
  clusters TEXT NOT NULL
);
CREATE TABLE blob_project_source (  -- an entry of sourceRepos
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  project INTEGER NOT NULL REFERENCES blob_project,
  span INTEGER NOT NULL REFERENCES span,
  pattern TEXT NOT NULL,          -- without its !
  denied INTEGER NOT NULL         -- 1: !pattern
);

CREATE TABLE blob_project_destination (  -- an entry of destinations
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  project INTEGER NOT NULL REFERENCES blob_project,
  span INTEGER NOT NULL REFERENCES span,  -- its first key
  server TEXT,                    -- a pattern, as are the others; with a leading ! it denies
  name TEXT,
  namespace_pattern TEXT
);

-- ---------------------------------------------------------------------------------------------- what repositories hold at a revision

CREATE TABLE git_revision (       -- what a revision of a loaded repository stands for
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  revision TEXT NOT NULL,         -- as asked: HEAD, a branch, a tag, a commit or a range over tags
  tag_prefix TEXT NOT NULL,       -- '' where a range is of tags without one
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,                   -- why it is unknown
  resolved TEXT,                  -- the branch, tag or commit
  kind TEXT,                      -- branch | tag | commit
  is_range INTEGER NOT NULL       -- 1: chosen from tags by a range
);

CREATE TABLE git_commit (         -- a commit of a loaded repository that something names
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  revision TEXT NOT NULL,         -- as asked: its id, whole or in part, refs/heads/NAME or refs/tags/NAME
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,                   -- why it is unknown
  commit_id TEXT,                 -- hex; NULL where it is not present
  committed_at TEXT               -- RFC 3339, UTC
);
CREATE INDEX git_commit_revision ON git_commit(repository, revision);

CREATE TABLE git_path (           -- whether a path is there at such a revision
  id INTEGER PRIMARY KEY,
  git_revision INTEGER NOT NULL,  -- id in git_revision
  path TEXT NOT NULL,             -- from the root, clean
  state TEXT NOT NULL             -- present | absent | unknown (behind a link or in a submodule)
);
CREATE INDEX git_revision_name ON git_revision(repository, revision);
CREATE INDEX git_path_path ON git_path(git_revision, path);

CREATE TABLE git_change (         -- an answer: what commits between two of a loaded repository change below some folders
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  ancestor TEXT NOT NULL,         -- commit id, hex; it and what leads to it is left out
  descendant TEXT NOT NULL,       -- commit id, hex
  folders TEXT NOT NULL,          -- as asked: JSON object: {"in": [folders], "out": [folders inside of these]}
  state TEXT NOT NULL,            -- known | unknown
  because TEXT,                   -- why unknown, and the way out
  commits INTEGER,                -- how many of them; 0 too where nothing differs in the end
  oldest TEXT,                    -- id of the oldest of them
  oldest_at TEXT,                 -- RFC 3339, UTC
  path TEXT                       -- a file that differs in the end
);
CREATE INDEX git_change_commits ON git_change(repository, ancestor, descendant, folders);
CREATE TABLE git_chart (          -- whether a Chart.yaml is in a folder at a commit, and what it says
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  revision TEXT NOT NULL,         -- the commit, hex
  folder TEXT NOT NULL,           -- from the root; '' is the root
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,                   -- why it is unknown
  name TEXT,
  version TEXT
);
CREATE INDEX git_chart_folder ON git_chart(repository, revision, folder);

CREATE TABLE git_chart_dependency (  -- a dependency of such a chart
  id INTEGER PRIMARY KEY,
  git_chart INTEGER NOT NULL,     -- id in git_chart
  name TEXT NOT NULL,
  version TEXT,
  repository_url TEXT,
  alias TEXT,
  oci_repository TEXT             -- host/path/name of an oci:// dependency
);
CREATE INDEX git_chart_dependency_of ON git_chart_dependency(git_chart);

-- ---------------------------------------------------------------------------------------------- what a release consists of

CREATE TABLE blob_carried_version (  -- a version that a promised place of a file carries (trains: … carries:)
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the version
  carrier INTEGER NOT NULL,       -- as train_place.carrier
  part TEXT NOT NULL,             -- what {name} of its file's path stands for; '' without one
  value TEXT NOT NULL             -- as written there, decoded
);

CREATE TABLE blob_carrier_line (  -- a line of such a file that an edit of versions may change: it says "version", or has a digit, a dot and a digit
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- without its end
  line INTEGER NOT NULL,          -- its number, from 1
  text TEXT NOT NULL              -- its first 1,000 bytes
);

CREATE TABLE blob_go_module (     -- a go.mod
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the module's path
  module_path TEXT NOT NULL,      -- example.com/acme/client/v7
  major INTEGER                   -- 7 of a path that ends in /v7; NULL: it ends in none, as for v0 and v1
);

CREATE TABLE blob_changelog_release (  -- a heading of a changelog that names a version: ## [7.6.8] - 2026-01-31
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the version
  position INTEGER NOT NULL,      -- from 0
  version TEXT NOT NULL           -- as written
);

CREATE TABLE blob_changelog_compare (  -- a link of a changelog that compares two tags: …/compare/7.6.7...7.6.8
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  changelog_release INTEGER REFERENCES blob_changelog_release,  -- the heading that it stands below; NULL: above all
  span INTEGER NOT NULL REFERENCES span,  -- the URL
  slug TEXT NOT NULL,             -- owner/name of the repository that it leads to
  from_tag TEXT NOT NULL,
  from_span INTEGER NOT NULL REFERENCES span,
  to_tag TEXT NOT NULL,
  to_span INTEGER NOT NULL REFERENCES span
);

CREATE TABLE blob_changelog_link (  -- a link of a changelog to a file of a repository: [SBOM](sbom/7.6.8.json), …/blob/7.6.8/schema.json
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  changelog_release INTEGER REFERENCES blob_changelog_release,  -- the heading that it stands below; NULL: above all
  span INTEGER NOT NULL REFERENCES span,  -- the target
  slug TEXT,                      -- owner/name that a URL leads to; NULL: a relative one, of the tree that the changelog stands in
  revision TEXT,                  -- branch, tag or commit of a URL; NULL of a relative one
  target TEXT NOT NULL            -- path in that tree; of a relative one as seen from the changelog's folder
);

CREATE TABLE blob_gitlab_pipeline (  -- a .gitlab-ci.yml, or a file that one includes
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its `stages:`, else its first key
  stages TEXT,                    -- JSON array; NULL: it says none
  complete INTEGER NOT NULL       -- 0: it includes what stands in another file, which may define and change jobs
);

CREATE TABLE blob_gitlab_include (  -- an entry of `include:` of GitLab CI
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- what it names
  form TEXT NOT NULL,             -- local | project | remote | template | component | artifact | other
  conditional INTEGER NOT NULL,   -- 1: `rules:` say when
  target TEXT,                    -- of local: path from the root, NULL with variables or wildcards; else as written
  path_pattern TEXT               -- of local with wildcards: RE2 over paths from the root
);

CREATE TABLE blob_gitlab_job (    -- a job of GitLab CI, with what `extends:` and `default:` of the same file give it
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- its name
  name TEXT NOT NULL,
  is_template INTEGER NOT NULL,   -- 1: its name begins with a dot, so it never runs itself
  resolved INTEGER NOT NULL,      -- 0: it extends or refers to what is not in this file: gitlab_base
  stage TEXT,                     -- NULL: not said, which means test
  stage_position INTEGER,         -- where its stage stands among the stages, from 0; NULL: not known
  needs_written INTEGER NOT NULL, -- 1: it has `needs:`, so it does not wait for the stages before it
  needs_span INTEGER REFERENCES span,
  allow_failure TEXT,             -- true | false | exit_codes; NULL: not said
  allow_failure_span INTEGER REFERENCES span,
  when_run TEXT,                  -- on_success | manual | always | never ...; NULL: not said
  trigger_project TEXT,           -- the project whose pipeline it starts
  trigger_child INTEGER NOT NULL, -- 1: it starts a pipeline of this project
  trigger_strategy TEXT,          -- depend | mirror; NULL: it is green as soon as the other pipeline exists
  trigger_span INTEGER REFERENCES span,  -- what it starts
  trigger_keys_span INTEGER REFERENCES span,  -- the mapping that `trigger:` is, where it is one
  script_written INTEGER NOT NULL,  -- 1: it has `script:`
  publishes TEXT,                 -- the first command of its script that makes a release: git tag, npm publish ...; NULL: none
  publishes_span INTEGER REFERENCES span
);

CREATE TABLE blob_gitlab_base (   -- what a job of GitLab CI extends, or refers to, in another file
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  gitlab_job INTEGER NOT NULL REFERENCES blob_gitlab_job,
  span INTEGER NOT NULL REFERENCES span,  -- where it says so
  base TEXT NOT NULL,             -- the name of the other job
  base_key TEXT,                  -- the key whose value `!reference` takes from it, for the same key of this job, or an entry there; NULL: it extends it
  other_form INTEGER NOT NULL     -- 1: several are extended at once, or a part of a value is taken: what comes of it is not told
);

CREATE TABLE blob_gitlab_need (   -- an entry of `needs:` of a job of GitLab CI
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  gitlab_job INTEGER NOT NULL REFERENCES blob_gitlab_job,
  span INTEGER NOT NULL REFERENCES span,
  needed TEXT NOT NULL,           -- a job's name
  optional INTEGER NOT NULL
);

CREATE TABLE blob_gitlab_tag_test (  -- a pattern that a job holds against the tag of its pipeline: $CI_COMMIT_TAG =~ /^v/, only: [/^v/]
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  gitlab_job INTEGER NOT NULL REFERENCES blob_gitlab_job,
  span INTEGER NOT NULL REFERENCES span,  -- the pattern, without slashes
  pattern TEXT NOT NULL,          -- RE2
  negated INTEGER NOT NULL        -- 1: it must not match
);

-- ---------------------------------------------------------------------------------------------- rings and cohorts

CREATE TABLE blob_cohort (        -- a file that lists the tenants of a cohort (promises: ring: cohorts)
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  span INTEGER NOT NULL REFERENCES span,  -- the first byte of the list; where there is none, of the file
  tenants INTEGER NOT NULL,       -- how many entries it has
  problem TEXT                    -- why it lists no tenants: "it is no list"
);

CREATE TABLE blob_cohort_tenant (  -- an entry of such a list
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  cohort INTEGER NOT NULL REFERENCES blob_cohort,
  span INTEGER NOT NULL REFERENCES span,  -- the tenant's name
  position INTEGER NOT NULL,      -- from 0
  tenant TEXT NOT NULL            -- its name
);

CREATE TABLE blob_run_lookup (    -- a step asks for runs of a workflow: gh run list, the API by gh, curl or github-script
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  job INTEGER NOT NULL REFERENCES blob_job,
  step INTEGER NOT NULL REFERENCES blob_step,
  span INTEGER NOT NULL REFERENCES span,  -- the call
  caller TEXT NOT NULL,           -- gh | api (a URL) | github-script
  by_branch TEXT,                 -- the branch that the runs must be of, as written; NULL: of any
  branch_span INTEGER REFERENCES span,  -- that filter, name and value
  by_commit INTEGER NOT NULL,     -- 1: the runs must be of one commit, by a filter of the call or a comparison in the script
  commit_filter TEXT              -- what the filter by branch would be by commit; NULL: not known
);

-- ---------------------------------------------------------------------------------------------- live readings

CREATE TABLE oci_artifact (       -- an answer about one reference in an OCI registry
  id INTEGER PRIMARY KEY,
  oci_repository TEXT NOT NULL,   -- host/path
  reference TEXT NOT NULL,        -- tag or digest
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,                   -- why unknown, and the way out; or how absence was proven
  failed INTEGER NOT NULL,        -- 1: unknown because asking failed; 0: it was not asked
  answer TEXT,                    -- short code of what the registry said: name_unknown, manifest_unknown, http_503, ...
  digest TEXT,                    -- sha256:… of the bytes served
  media_type TEXT,
  config_media_type TEXT,         -- of what the manifest says that it is: an image, Helm's chart; NULL for an index
  chart_name TEXT,                -- of Helm's config blob
  chart_version TEXT,
  chart_app_version TEXT,
  asked_at TEXT NOT NULL,         -- RFC 3339, UTC
  address TEXT NOT NULL           -- the URL that was asked
);

CREATE TABLE oci_platform (       -- a platform that an image index holds an image for
  id INTEGER PRIMARY KEY,
  oci_repository TEXT NOT NULL,   -- host/path
  reference TEXT NOT NULL,
  platform TEXT NOT NULL          -- os/architecture, or os/architecture/variant: linux/arm64
);
CREATE INDEX oci_platform_of ON oci_platform(oci_repository, reference);

CREATE TABLE oci_chart_dependency (  -- an entry of dependencies of a published chart, from Helm's config blob
  id INTEGER PRIMARY KEY,
  oci_repository TEXT NOT NULL,   -- of the chart: host/path
  reference TEXT NOT NULL,
  position INTEGER NOT NULL,      -- from 0
  name TEXT NOT NULL,
  version TEXT,                   -- exact, or a range
  repository_url TEXT,
  alias TEXT
);
CREATE TABLE oci_chart_package (  -- an answer about the package of a published chart: what `helm pull` brings
  id INTEGER PRIMARY KEY,
  oci_repository TEXT NOT NULL,   -- host/path
  reference TEXT NOT NULL,
  state TEXT NOT NULL,            -- present | unknown; what is absent has no row
  because TEXT,
  failed INTEGER NOT NULL,
  answer TEXT,
  packed_bytes INTEGER,
  unpacked_bytes INTEGER,         -- of the files that were read
  whole INTEGER,                  -- 1: oci_chart_file holds every file; 0: it is larger than Helm unpacks
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE TABLE oci_chart_file (     -- a file of a package
  id INTEGER PRIMARY KEY,
  oci_chart_package INTEGER NOT NULL,  -- id in oci_chart_package
  path TEXT NOT NULL,             -- below the chart's folder
  bytes INTEGER NOT NULL,
  is_link INTEGER NOT NULL,       -- 1: symbolic or hard
  outside INTEGER NOT NULL        -- 1: not in the chart's folder
);
CREATE TABLE oci_chart_value (    -- a scalar in values.yaml of a package
  id INTEGER PRIMARY KEY,
  oci_chart_package INTEGER NOT NULL,
  pointer TEXT NOT NULL,          -- /image/tag
  value TEXT NOT NULL
);
CREATE TABLE oci_chart_known_value (  -- a place in the values that a package knows: of its own chart and, below their keys, of those bundled in it
  id INTEGER PRIMARY KEY,
  oci_chart_package INTEGER NOT NULL,
  pointer TEXT NOT NULL,          -- among the values of the package: /image/tag; '' is all of them
  kind TEXT NOT NULL,             -- default: values.yaml says it | template: a template names it, and may read all below it | elsewhere: of a dependency that is not in the package, or of what could not be read
  path TEXT NOT NULL              -- the file below the chart's folder
);
CREATE INDEX oci_chart_known_value_of ON oci_chart_known_value(oci_chart_package);
CREATE TABLE oci_tag_list (       -- an answer about the list of tags of one repository in an OCI registry
  id INTEGER PRIMARY KEY,
  oci_repository TEXT NOT NULL,   -- host/path
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,
  failed INTEGER NOT NULL,
  answer TEXT,
  complete INTEGER NOT NULL,      -- 1: oci_tag holds every tag
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE oci_tag (            -- a tag that a registry lists
  id INTEGER PRIMARY KEY,
  oci_repository TEXT NOT NULL,   -- host/path
  tag TEXT NOT NULL
);

CREATE TABLE helm_chart_list (    -- an answer about the versions of a chart in a classic Helm repository, one with an index.yaml
  id INTEGER PRIMARY KEY,
  repository_url TEXT NOT NULL,   -- as the fleet writes it
  chart TEXT NOT NULL,            -- its name there
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,
  failed INTEGER NOT NULL,
  answer TEXT,
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL           -- the URL of the index
);

CREATE TABLE helm_chart_version ( -- a version that such an index lists, with a package to download
  id INTEGER PRIMARY KEY,
  helm_chart_list INTEGER NOT NULL,  -- id in helm_chart_list
  version TEXT NOT NULL,
  app_version TEXT,
  digest TEXT,                    -- of the package, hex
  created TEXT,                   -- RFC 3339
  deprecated INTEGER NOT NULL
);
CREATE INDEX helm_chart_list_name ON helm_chart_list(repository_url, chart);
CREATE INDEX helm_chart_version_list ON helm_chart_version(helm_chart_list);

CREATE TABLE package_list (       -- an answer about the versions of a package in an index of npm, PyPI or Go modules
  id INTEGER PRIMARY KEY,
  ecosystem TEXT NOT NULL,        -- npm | pypi | go
  package_index TEXT NOT NULL,    -- URL of the index, as the config says it
  package TEXT NOT NULL,          -- its name there
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,
  failed INTEGER NOT NULL,
  answer TEXT,
  complete INTEGER NOT NULL,      -- 1: a version that package_version lacks is not there (go: one that a newest release has)
  latest TEXT,                    -- npm: the version that its tag `latest` names, which `npm install` takes
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE package_version (    -- a version that such an index holds
  id INTEGER PRIMARY KEY,
  package_list INTEGER NOT NULL,  -- id in package_list
  version TEXT NOT NULL,          -- as the index writes it
  released_at TEXT,               -- RFC 3339; NULL where the index does not say it
  commit_id TEXT,                 -- what it was made of, hex, where the index says it: npm's gitHead, the origin of a Go proxy
  withdrawn INTEGER NOT NULL      -- 1: deprecated (npm), or yanked as a whole (PyPI)
);
CREATE INDEX package_list_name ON package_list(ecosystem, package, package_index);
CREATE INDEX package_version_list ON package_version(package_list);

CREATE TABLE control_plane_list ( -- an answer about all objects of a kind that an instance of ArgoCD holds
  id INTEGER PRIMARY KEY,
  control_plane TEXT NOT NULL,    -- name of the instance in the config
  kind TEXT NOT NULL,             -- application | application_set | project | repository
  state TEXT NOT NULL,            -- present | unknown
  because TEXT,                   -- why unknown, and the way out; else how many there are
  failed INTEGER NOT NULL,        -- 1: unknown because asking failed; 0: it was not asked
  answer TEXT,                    -- short code of what went wrong: refused_credentials, http_503, ...
  complete INTEGER NOT NULL,      -- 1: what is not in it is not there
  asked_at TEXT NOT NULL,         -- RFC 3339, UTC
  address TEXT NOT NULL           -- the URL that was asked, or the dump
);

CREATE TABLE live_application (   -- an Application as an instance of ArgoCD holds it
  id INTEGER PRIMARY KEY,
  control_plane TEXT NOT NULL,
  name TEXT NOT NULL,
  object_namespace TEXT,          -- of the object
  project_name TEXT,              -- spec.project
  asked_at TEXT NOT NULL,         -- RFC 3339, UTC
  address TEXT NOT NULL,
  fields TEXT NOT NULL,           -- spec as a flat JSON object, pointer -> value, in the form that application_spec has too
  destination_server TEXT,        -- a URL; https://kubernetes.default.svc also where in-cluster is written
  destination_name TEXT,
  destination_namespace TEXT,
  automated INTEGER,              -- 1: it syncs by itself; 0: `enabled: false` turns that off; NULL: not written
  sync_status TEXT,               -- Synced | OutOfSync | Unknown; NULL: never compared
  health_status TEXT,             -- Healthy | Progressing | Degraded | Suspended | Missing | Unknown; NULL: never looked at
  health_since TEXT,              -- when health last changed
  operation_phase TEXT,           -- Running | Terminating | Failed | Error | Succeeded; NULL: none yet, or one is only asked for
  operation_started_at TEXT,
  operation_finished_at TEXT,
  operation_message TEXT,         -- shortened
  operation_automated INTEGER,    -- 1: ArgoCD itself began it
  reconciled_at TEXT,             -- the last compare
  compared_revision TEXT,         -- of the one source: what it was compared with, not what is deployed; NULL with several sources
  deployed_revision TEXT,         -- of the one source: the last entry of its history; NULL with several, and where nothing was ever deployed
  deployed_at TEXT,
  owner_kind TEXT,                -- ApplicationSet where one made it
  owner_name TEXT,
  tracked_by TEXT,                -- the Application that it is an object of
  writes_images INTEGER NOT NULL, -- 1: ArgoCD's image updater changes its parameters by itself
  written_parameters TEXT NOT NULL,  -- and which of helm.parameters: a JSON array of names
  skips_reconcile INTEGER NOT NULL,  -- 1: an annotation freezes it
  deleting INTEGER NOT NULL       -- 1: on its way out
);

CREATE TABLE live_application_set (  -- an ApplicationSet as an instance of ArgoCD holds it
  id INTEGER PRIMARY KEY,
  control_plane_list INTEGER NOT NULL,  -- id in control_plane_list: the answer that shows it
  control_plane TEXT NOT NULL,
  name TEXT NOT NULL,
  object_namespace TEXT,
  fields TEXT NOT NULL,           -- spec as a flat JSON object, pointer -> value, in the form that application_set_spec has too
  tracked_by TEXT,                -- the Application that it is an object of
  problem TEXT,                   -- what its condition ErrorOccurred says, shortened; NULL: it has none that is true
  problem_since TEXT,             -- RFC 3339
  deleting INTEGER NOT NULL       -- 1: on its way out
);

CREATE TABLE live_project (       -- an AppProject as an instance of ArgoCD holds it
  id INTEGER PRIMARY KEY,
  control_plane_list INTEGER NOT NULL,  -- id in control_plane_list
  control_plane TEXT NOT NULL,
  name TEXT NOT NULL,
  object_namespace TEXT
);

CREATE TABLE live_project_source (  -- an entry of its sourceRepos
  id INTEGER PRIMARY KEY,
  live_project INTEGER NOT NULL,  -- id in live_project
  pattern TEXT NOT NULL,          -- without its !
  denied INTEGER NOT NULL         -- 1: !pattern
);

CREATE TABLE live_project_destination (  -- an entry of its destinations
  id INTEGER PRIMARY KEY,
  live_project INTEGER NOT NULL,  -- id in live_project
  server TEXT,                    -- a pattern, as are the others; with a leading ! it denies
  name TEXT,
  namespace_pattern TEXT
);

CREATE TABLE live_repository (    -- a repository that an instance of ArgoCD is configured with; never what it is opened with
  id INTEGER PRIMARY KEY,
  control_plane_list INTEGER NOT NULL,  -- id in control_plane_list
  control_plane TEXT NOT NULL,
  url TEXT NOT NULL,              -- as configured, with asterisks where a password stands in it
  type TEXT,                      -- git | helm | oci
  name TEXT,
  project_name TEXT,              -- of whose Applications it is; NULL: of all
  connection_status TEXT,         -- Successful | Failed | Unknown; NULL: not told
  connection_message TEXT,        -- shortened
  attempted_at TEXT               -- when ArgoCD last tried: RFC 3339
);

CREATE TABLE application_lookup ( -- an answer about one declared Application that a list did not show
  id INTEGER PRIMARY KEY,
  control_plane TEXT NOT NULL,
  name TEXT NOT NULL,
  object_namespace TEXT,          -- as asked for; NULL: that of ArgoCD
  project_name TEXT NOT NULL,     -- it may still be in another one
  state TEXT NOT NULL,            -- present | absent | unknown
  because TEXT,                   -- why unknown, and the way out; or how absence was proven
  failed INTEGER NOT NULL,
  answer TEXT,                    -- short code of what went wrong
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE live_application_source (  -- a source of a live Application
  id INTEGER PRIMARY KEY,
  live_application INTEGER NOT NULL,  -- id in live_application
  position INTEGER NOT NULL,      -- from 0
  repo_url TEXT,
  path TEXT,
  chart TEXT,
  target_revision TEXT,
  ref TEXT,
  compared_revision TEXT,         -- a commit, or a chart's version
  deployed_revision TEXT          -- of the last entry of its history
);

CREATE TABLE live_application_image (  -- an image that objects of a live Application run
  id INTEGER PRIMARY KEY,
  live_application INTEGER NOT NULL,  -- id in live_application
  image TEXT NOT NULL,            -- as written
  repository TEXT,                -- without tag and digest; NULL: it does not read as an image
  tag TEXT,
  digest TEXT
);

CREATE TABLE live_application_condition (  -- what ArgoCD says is wrong with a live Application
  id INTEGER PRIMARY KEY,
  live_application INTEGER NOT NULL,  -- id in live_application
  type TEXT NOT NULL,             -- ComparisonError, SharedResourceWarning, ...
  message TEXT,                   -- shortened; may hold random paths, so it is no key
  since TEXT
);

CREATE TABLE live_application_resource (  -- an object that a live Application manages
  id INTEGER PRIMARY KEY,
  live_application INTEGER NOT NULL,  -- id in live_application
  object_group TEXT NOT NULL,     -- '' for the core group
  object_kind TEXT NOT NULL,
  object_namespace TEXT NOT NULL, -- '' for objects of the cluster
  name TEXT NOT NULL,
  status TEXT,                    -- Synced | OutOfSync | Unknown
  health_status TEXT              -- NULL where the server does not tell
);

-- GitHub and GitLab. Merge requests, pipelines and releases of GitLab stand in the same tables, in GitHub's words.

CREATE TABLE repository_forge (   -- where a repository of this run is hosted; rows for forges that can be asked, loaded before any rule runs
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  slug TEXT NOT NULL,             -- owner/name, as repository.slug
  host TEXT NOT NULL,             -- of the forge: github.com
  kind TEXT NOT NULL              -- github | gitlab
);

CREATE TABLE forge_repository (   -- an answer about one repository of a forge, of this run or not
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name, as asked for; names ignore case
  host TEXT NOT NULL,             -- of the forge: github.com
  kind TEXT NOT NULL,             -- github | gitlab
  state TEXT NOT NULL,            -- present | absent | unknown: a forge says the same of what is not there and of what may not be seen
  because TEXT,                   -- why unknown, and the way out; or how absence was proven
  failed INTEGER NOT NULL,        -- 1: unknown because asking failed; 0: it was not asked, or not with a token that is shown it
  answer TEXT,                    -- short code of what went wrong: name_unknown, refused_credentials, http_503, ...
  full_name TEXT,                 -- owner/name as it is called today; another one than asked for: it was renamed or moved
  default_branch TEXT,
  visibility TEXT,                -- public | private | internal
  archived INTEGER,               -- 1: nothing runs there and nothing can be pushed
  asked_at TEXT NOT NULL,         -- RFC 3339, UTC
  address TEXT NOT NULL           -- the URL that was asked
);

CREATE TABLE forge_list (         -- an answer about a list of things of one repository
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  kind TEXT NOT NULL,             -- pull_request | pull_request_comment | workflow_run | release | tag | required_check (what a branch requires) | secret | variable | environment | app | label_event (when labels were put on)
  about TEXT,                     -- what was asked: open or closed pull requests; the number of one, of comments and labels too; the commit (40 hex) or branch of runs; the branch of required checks; the name of an app; NULL: all
  state TEXT NOT NULL,            -- present | unknown
  because TEXT,                   -- why unknown or not complete, and the way out; else how many there are
  failed INTEGER NOT NULL,        -- 1: unknown because asking failed
  answer TEXT,                    -- short code of what went wrong
  complete INTEGER NOT NULL,      -- 1: what is not in it is not there (since `since`)
  since TEXT,                     -- what was last touched before is left out; NULL: it goes back to the beginning
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE pull_request (       -- a pull request, or merge request
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name of the repository that it is made to
  number INTEGER NOT NULL,
  title TEXT,                     -- shortened
  state TEXT NOT NULL,            -- open | closed (without a merge) | merged
  draft INTEGER NOT NULL,
  author TEXT,                    -- login; NULL: the account is gone
  head_slug TEXT,                 -- owner/name that the change comes from, a fork perhaps; NULL: it is gone
  head_ref TEXT NOT NULL,         -- branch
  head_sha TEXT NOT NULL,         -- commit, hex
  base_ref TEXT NOT NULL,         -- branch
  base_sha TEXT,                  -- commit, hex
  merge_commit_sha TEXT,          -- of a merged one
  merge_state TEXT,               -- clean | dirty (conflicts) | behind | blocked | unstable | draft | ...; NULL: not told
  created_at TEXT NOT NULL,       -- RFC 3339, UTC
  updated_at TEXT,
  closed_at TEXT,                 -- merged ones too
  merged_at TEXT,
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE pull_request_label (
  id INTEGER PRIMARY KEY,
  pull_request INTEGER NOT NULL,  -- id in pull_request
  name TEXT NOT NULL,
  added_at TEXT                   -- when it was put on last: of GitHub by GraphQL, of GitLab its label events; NULL: not told
);

CREATE TABLE pull_request_comment (
  id INTEGER PRIMARY KEY,
  pull_request INTEGER NOT NULL,  -- id in pull_request
  author TEXT,                    -- login; NULL: the account is gone
  body TEXT NOT NULL,             -- Markdown, the first 4,096 bytes
  created_at TEXT NOT NULL
);

CREATE TABLE workflow_run (       -- a run of a workflow, or a pipeline; its latest attempt
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  run_id INTEGER NOT NULL,
  workflow_path TEXT,             -- .github/workflows/build.yml; NULL for pipelines, which have one file
  workflow_name TEXT,
  event TEXT,                     -- push, pull_request, ...; what made a pipeline
  status TEXT NOT NULL,           -- queued | in_progress | waiting | completed | ...
  conclusion TEXT,                -- success | failure | cancelled | skipped | timed_out | action_required | neutral | stale | startup_failure; NULL: not completed
  head_branch TEXT,
  head_sha TEXT NOT NULL,         -- commit, hex; of a pull request its head, not the merge
  run_attempt INTEGER,            -- from 1
  created_at TEXT NOT NULL,
  updated_at TEXT,
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE forge_release (      -- a release that a forge shows
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  tag_name TEXT NOT NULL,
  name TEXT,
  draft INTEGER NOT NULL,
  prerelease INTEGER NOT NULL,
  target_commitish TEXT,          -- branch or commit that the tag is made from if it is not there; says nothing of a tag that is
  created_at TEXT NOT NULL,
  published_at TEXT,
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE forge_tag (          -- a git tag that a forge shows
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  name TEXT NOT NULL,             -- short
  commit_id TEXT NOT NULL         -- what it leads to, hex
);
CREATE INDEX forge_tag_name ON forge_tag(slug, name);

CREATE TABLE required_check (     -- a check that must pass before a change reaches a branch
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  branch TEXT NOT NULL,
  context TEXT NOT NULL,          -- its name: of a job `build`, `build (1.22)`, `caller / callee`
  app INTEGER,                    -- id of the only app that may report it; 15368: GitHub Actions; NULL: any
  source TEXT NOT NULL            -- protection (of the branch) | ruleset
);

CREATE TABLE forge_secret (       -- the name of a secret or variable that workflows of a repository can read
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  kind TEXT NOT NULL,             -- secret | variable
  name TEXT NOT NULL,             -- names ignore case
  environment TEXT,               -- only jobs of this environment; NULL: all
  organization TEXT,              -- where it stands, if not in the repository
  updated_at TEXT                 -- when it was last given a value; RFC 3339, UTC
);

CREATE TABLE forge_branch (       -- what a branch asks of a change before it takes it
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  branch TEXT NOT NULL,
  protected INTEGER NOT NULL,     -- 1: a protection or a ruleset holds for it
  approvals INTEGER               -- reviews that rulesets want; NULL: no ruleset asks for a pull request; what a protection asks is shown to administrators alone
);

CREATE TABLE forge_environment (  -- an environment that jobs deploy to
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  name TEXT NOT NULL,             -- names ignore case
  reviewers INTEGER NOT NULL,     -- how many people and teams are asked before a job goes on
  wait_minutes INTEGER NOT NULL,  -- how long a job waits
  rules TEXT NOT NULL,            -- JSON array of the types of its protection rules: required_reviewers, wait_timer, branch_policy, ...
  branch_policy TEXT              -- protected (only such branches deploy) | custom (only those that patterns name); NULL: all do
);

CREATE TABLE forge_app_grant (    -- a permission that a GitHub App has, or an event that it gets
  id INTEGER PRIMARY KEY,
  app TEXT NOT NULL,              -- its name in addresses
  kind TEXT NOT NULL,             -- permission | event
  name TEXT NOT NULL,             -- checks, pull_requests ...; push, pull_request_review ...
  access TEXT                     -- of a permission: read | write | admin
);

CREATE INDEX forge_repository_slug ON forge_repository(slug COLLATE NOCASE);
CREATE INDEX forge_list_slug ON forge_list(slug, kind);
CREATE INDEX pull_request_slug ON pull_request(slug, number);
CREATE INDEX pull_request_label_of ON pull_request_label(pull_request);
CREATE INDEX pull_request_comment_of ON pull_request_comment(pull_request);
CREATE INDEX live_project_name ON live_project(name);
CREATE INDEX live_project_source_of ON live_project_source(live_project);
CREATE INDEX live_project_destination_of ON live_project_destination(live_project);
CREATE INDEX workflow_run_commit ON workflow_run(slug, head_sha);
CREATE INDEX forge_release_tag ON forge_release(slug, tag_name);
CREATE INDEX required_check_slug ON required_check(slug, branch);
CREATE INDEX forge_secret_name ON forge_secret(slug, name COLLATE NOCASE);

CREATE TABLE live_application_value (  -- a scalar that a live Application gives Helm: of helm.valuesObject, else of the text helm.values, or a helm.parameters
  id INTEGER PRIMARY KEY,
  live_application INTEGER NOT NULL,  -- id in live_application
  position INTEGER NOT NULL,      -- of its source, from 0
  form TEXT NOT NULL,             -- values_object | values | parameter
  field TEXT NOT NULL,            -- JSON pointer from the spec to what holds it: /source/helm/valuesObject/a/tag, /source/helm/values, /source/helm/parameters/0/value
  pointer TEXT NOT NULL,          -- JSON pointer among the values: /atlas/image/tag
  value TEXT NOT NULL,            -- as written, decoded
  effective INTEGER NOT NULL      -- 0: a parameter of the same source sets the same one
);

CREATE TABLE stream_list (        -- an answer about what a workspace of Atlas Stream Processing holds
  id INTEGER PRIMARY KEY,
  stream_workspace TEXT NOT NULL, -- its name in the config
  workspace TEXT NOT NULL,        -- its name in Atlas; '' where nobody says it
  kind TEXT NOT NULL,             -- workspace (itself) | connection | processor
  state TEXT NOT NULL,            -- present | absent (the project is shown, and does not have it) | unknown
  because TEXT,                   -- why unknown, and the way out; else what was seen
  failed INTEGER NOT NULL,        -- 1: unknown because asking failed; 0: it was not asked
  answer TEXT,                    -- short code of what went wrong: refused_credentials, http_503, ...
  complete INTEGER NOT NULL,      -- 1: what is not in it is not there
  asked_at TEXT NOT NULL,         -- RFC 3339, UTC
  address TEXT NOT NULL           -- the URL that was asked, or the dump
);
CREATE INDEX stream_list_workspace ON stream_list(stream_workspace, workspace, kind);

CREATE TABLE live_stream_workspace (  -- a workspace as Atlas has it
  id INTEGER PRIMARY KEY,
  stream_workspace TEXT NOT NULL, -- as in stream_list
  workspace TEXT NOT NULL,
  tier TEXT,                      -- streamConfig.tier: of processors that name none
  max_tier TEXT,                  -- streamConfig.maxTierSize
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE live_stream_processor (  -- a stream processor as a workspace has it
  id INTEGER PRIMARY KEY,
  stream_workspace TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT,                     -- STARTED | STOPPED | FAILED | CREATED, or what the service says in between
  tier TEXT,                      -- NULL: the workspace's
  has_pipeline INTEGER NOT NULL,  -- 0: the answer leaves it out, as some tools do
  dlq_messages INTEGER,           -- stats.dlqMessageCount
  memory_bytes INTEGER,           -- stats.memoryUsageBytes, else stats.memoryTrackerBytes
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX live_stream_processor_name ON live_stream_processor(stream_workspace, workspace, name);

CREATE TABLE live_stream_connection (  -- a connection as a workspace has it, secrets left out
  id INTEGER PRIMARY KEY,
  stream_workspace TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT,                      -- Cluster, Kafka, Https ...
  state TEXT,                     -- READY | FAILED ...; NULL: not told
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX live_stream_connection_name ON live_stream_connection(stream_workspace, workspace, name);

CREATE TABLE live_stream_field (  -- a value of one of both, in the form that stream_field has too
  id INTEGER PRIMARY KEY,
  live_stream_processor INTEGER,  -- id in live_stream_processor; NULL: of a connection
  live_stream_connection INTEGER, -- id in live_stream_connection; NULL: of a processor
  pointer TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE TABLE earlier_stream_count (  -- what the audit before this one saw of a processor; filled by `trueup audit` alone
  id INTEGER PRIMARY KEY,
  stream_workspace TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  dlq_messages INTEGER NOT NULL,
  asked_at TEXT NOT NULL
);

CREATE TABLE deployment_list (    -- an answer about which deployments a store records
  id INTEGER PRIMARY KEY,
  deployment_store TEXT NOT NULL, -- its name in the config
  state TEXT NOT NULL,            -- present | unknown
  because TEXT,                   -- why unknown, and the way out; else how many there are
  failed INTEGER NOT NULL,        -- 1: unknown because asking failed; 0: it was not asked
  answer TEXT,                    -- short code of what went wrong
  complete INTEGER NOT NULL,      -- 1: what is not in it is not there
  asked_at TEXT NOT NULL,         -- RFC 3339, UTC
  address TEXT NOT NULL           -- the URL that was asked, or the dump
);

CREATE TABLE live_deployment (    -- a deployment of a Terraform root that a store records
  id INTEGER PRIMARY KEY,
  deployment_store TEXT NOT NULL,
  name TEXT NOT NULL,             -- of the file or object that holds it
  position INTEGER NOT NULL,      -- in it, from 0
  deployment_id TEXT,             -- as in deployment, from here on
  slug TEXT,
  root TEXT,
  revision TEXT NOT NULL,
  branch TEXT,
  trigger_kind TEXT,
  rerun INTEGER NOT NULL,
  locked INTEGER,
  status TEXT,
  deployed_at TEXT,
  asked_at TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE INDEX live_stream_field_processor ON live_stream_field(live_stream_processor, pointer);
CREATE INDEX live_stream_field_connection ON live_stream_field(live_stream_connection, pointer);

CREATE INDEX live_application_name ON live_application(name);
CREATE INDEX application_lookup_name ON application_lookup(name);
CREATE INDEX oci_artifact_reference ON oci_artifact(oci_repository, reference);
CREATE INDEX oci_tag_list_name ON oci_tag_list(oci_repository);
CREATE INDEX oci_tag_repository ON oci_tag(oci_repository);

-- ---------------------------------------------------------------------------------------------- promises and inputs

CREATE TABLE run (                -- one row: what holds for the whole run
  id INTEGER PRIMARY KEY,
  closed INTEGER NOT NULL,        -- 1: nobody outside the known repositories sends or receives
  offline INTEGER NOT NULL,       -- 1: no server was asked
  gate INTEGER NOT NULL           -- 1: a change is held against a base; what runs cannot have it yet
);

CREATE TABLE base_set (           -- what the change at hand is held against: the files of a repository before it
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  file_set INTEGER NOT NULL,      -- id in file_set
  branch TEXT                     -- that the change is to be merged into; NULL: not known
);

CREATE TABLE change_path (        -- an answer: whether a path that others want of that branch is there before and after the change
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  path TEXT NOT NULL,             -- from the root, clean
  state_before TEXT NOT NULL,     -- present | absent | unknown (behind a link or in a submodule)
  state_after TEXT NOT NULL,      -- the same
  base_file INTEGER,              -- of base_set: the file itself, of a folder its Chart.yaml, else its first file; NULL: none is read
  moved_to TEXT                   -- where the same bytes stand after the change, where they are gone here: a file, or a chart's folder
);
CREATE INDEX change_path_path ON change_path(repository, path);

CREATE TABLE change_commit (      -- a commit of the change at hand that its base lacks
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  commit_id TEXT NOT NULL,        -- hex
  message TEXT NOT NULL           -- its first 4,096 bytes
);

CREATE TABLE control_plane (      -- an instance of ArgoCD that the config or the command line names
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,             -- as named there
  source TEXT NOT NULL,           -- for people: its host, or the dump
  client TEXT NOT NULL,           -- what a person changes an object there with: kubectl | argocd
  client_target TEXT              -- its context or server; NULL: not known, and so the one at hand
);

CREATE TABLE control_plane_home (  -- where the Applications of such an instance are declared (declared_in:); without a row they may be anywhere
  id INTEGER PRIMARY KEY,
  control_plane TEXT NOT NULL,    -- its name
  slug TEXT NOT NULL,             -- owner/name
  folder TEXT NOT NULL            -- path from the root, '' for all of it
);

CREATE TABLE stream_workspace (   -- a workspace of Atlas Stream Processing that the config names (streams:)
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,             -- as named there
  environment TEXT NOT NULL,      -- the environment that is deployed there: environments/<name>
  slug TEXT,                      -- the repository that holds its processors; NULL: the only one
  root TEXT,                      -- the folder there that holds processors/; NULL: the only one
  branch TEXT,                    -- the branch that is deployed there; NULL: the default one
  workspace TEXT,                 -- its name in Atlas; NULL: WORKSPACE_NAME of the environment's config.env
  source TEXT NOT NULL            -- for people: the host that is asked, or the dump
);

CREATE TABLE deployment_store (   -- where deployments of Terraform roots are recorded, outside of git (deployments: of the config)
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,             -- as named there
  source TEXT NOT NULL            -- for people: the host that is asked, or the dump
);

CREATE TABLE suppression_use (    -- what a suppression came to, once all other rules have judged
  id INTEGER PRIMARY KEY,
  suppression INTEGER NOT NULL,   -- id in blob_suppression
  suppression_rule INTEGER,       -- id in blob_suppression_rule: of several names only this one; NULL: the whole
  state TEXT NOT NULL             -- used | stale | expired | unnamed (not all that it names is a rule) | undecided (what it speaks of could not be judged)
);

CREATE TABLE promise_lockstep (   -- charts that are released together carry one version
  id INTEGER PRIMARY KEY,
  lockstep INTEGER NOT NULL,      -- number of the group, from 0
  chart TEXT NOT NULL             -- name of a chart
);

CREATE TABLE promise_chart_owner (  -- the repository that publishes a chart
  id INTEGER PRIMARY KEY,
  chart TEXT NOT NULL,            -- name of a chart
  slug TEXT NOT NULL              -- owner/name
);

CREATE TABLE promise_chart_version (  -- one row: how the versions of owned charts are made
  id INTEGER PRIMARY KEY,
  form TEXT NOT NULL,             -- as promised: {base}-{branch}.{commit}
  pattern TEXT NOT NULL,          -- RE2, of the whole version
  branch_group INTEGER NOT NULL,  -- of the pattern; 0: a version says no branch
  commit_group INTEGER NOT NULL
);

CREATE TABLE promise_environment (  -- which branch of the owned charts a branch of a repository takes
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name of the repository that takes them
  branch TEXT NOT NULL,           -- its branch
  takes TEXT NOT NULL             -- the branch as versions say it
);

-- ---------------------------------------------------------------------------------------------- rings that are promised

CREATE TABLE ring_promise (       -- one row: how rings and cohorts are released (promises: ring); NULL: that is not promised
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,         -- of the promise in the config
  label_place INTEGER NOT NULL,   -- of the shape of its labels
  cohorts_place INTEGER NOT NULL, -- of where the cohorts are
  cohorts_slug TEXT,              -- the repository that holds the cohorts
  cohorts_repository INTEGER,     -- id in repository; NULL: it is not of this run
  cohorts_glob TEXT,              -- their files there
  cohort_pattern TEXT,            -- RE2 with one group: a path, and the name of its cohort
  branches TEXT,                  -- glob of the branches that are rings
  branch_prefix TEXT,             -- what each of them begins with; NULL: nothing in common
  label_form TEXT,                -- as written: cohort:<source>:<key>:<value>
  label_prefix TEXT,              -- the text before its first part
  label_pattern TEXT,             -- RE2 with the groups source, key, value
  tenants_most INTEGER,           -- of a cohort
  behind_time INTEGER,            -- seconds that a ring may lack what its base has
  behind_commits INTEGER,         -- commits that it may lack
  pull_request_within INTEGER,    -- seconds until a ring has a pull request
  label_within INTEGER,           -- seconds until that has a label
  delete_within INTEGER,          -- seconds until the branch of a closed one is gone
  clean_up_within INTEGER,        -- seconds until overrides are gone after their ring is
  pushes_most INTEGER,            -- to a ring in a day
  sync_delay INTEGER,             -- seconds before a release looks at ArgoCD
  sync_time INTEGER,              -- seconds that it waits for ArgoCD
  replica_time INTEGER,           -- seconds that a replica may take
  rollout_least INTEGER,          -- seconds that a roll-out gets at least
  rollout_most INTEGER,           -- and at most
  triggered TEXT,                 -- RE2 that the comment on a release that began matches
  reported TEXT,                  -- RE2 that the comment with its result matches
  succeeded TEXT                  -- RE2 that the latter matches where it went well
);

CREATE TABLE ring_term (          -- an entry of a list of that promise
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,             -- source | key | test_cohort (glob) | cohort_order (glob, narrow ones first) | not_delivered (glob of paths)
  position INTEGER NOT NULL,      -- from 0
  value TEXT NOT NULL,
  place INTEGER NOT NULL          -- in the config
);

CREATE TABLE ring_sync (          -- a repository whose base is merged into its rings (promises: ring: sync)
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,             -- owner/name
  repository INTEGER,             -- id in repository; NULL: it is not of this run
  branch TEXT NOT NULL,           -- from which
  place INTEGER NOT NULL          -- of the branch in the config
);

CREATE TABLE ring_service (       -- a service that is released by rings
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,         -- of its name in the config
  slug TEXT,                      -- the repository that its rings are branches of; NULL: not said
  repository INTEGER,             -- id in repository; NULL: it is not of this run
  image_path TEXT,                -- JSON pointer of its image among a tenant's values: /atlas/atlas/image
  image_place INTEGER NOT NULL,   -- of that in the config
  twin TEXT,                      -- the chart that moves with it
  twin_path TEXT,                 -- JSON pointer of the twin's image
  twin_place INTEGER NOT NULL,
  application TEXT NOT NULL,      -- name of the Application of {tenant}
  twin_application TEXT NOT NULL, -- the same of the twin
  build_workflow TEXT,            -- path of the workflow that builds the image
  release_workflow TEXT,          -- path of the one that starts a release
  clean_up_workflow TEXT,         -- path of the one that runs when a pull request is closed
  keeps_merged INTEGER NOT NULL,  -- 1: that one leaves the overrides of what was merged
  image_name TEXT,                -- repository of a ring's image, with {branch}
  image_pattern TEXT NOT NULL,    -- RE2 with one group: such a repository, and its ring
  tag_prefix TEXT NOT NULL,       -- of the tag of a ring's image, before the commit; {branch} stands for the ring
  tag_digits INTEGER NOT NULL,    -- how many digits of the commit
  tag_suffix TEXT NOT NULL,
  replicas INTEGER,               -- the most that a tenant runs
  replicas_place INTEGER NOT NULL
);

CREATE TABLE ring_branch (        -- a ring: a branch of the repository of a service
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  name TEXT NOT NULL,             -- of the branch
  commit_id TEXT NOT NULL,        -- its head, hex
  committed_at TEXT,              -- RFC 3339, UTC
  state TEXT NOT NULL,            -- known | unknown: how far it is from the default branch
  because TEXT,                   -- why unknown, and the way out
  ahead INTEGER,                  -- commits that only it has
  behind INTEGER,                 -- commits of the default branch that it lacks
  behind_since TEXT               -- RFC 3339, UTC: when the oldest of these was made
);

CREATE TABLE ring_change (        -- a file of what an image does not deliver that holds on a ring what the default branch lacks
  id INTEGER PRIMARY KEY,
  ring_branch INTEGER NOT NULL,   -- id in ring_branch
  path TEXT NOT NULL,
  change TEXT NOT NULL,           -- added | changed | removed
  state TEXT NOT NULL,            -- known | unknown: whether the ring brought it, or only lacks what the default branch has
  because TEXT,                   -- why unknown, and the way out
  place INTEGER                   -- of the first such line at the ring's head; NULL: removed
);

-- ---------------------------------------------------------------------------------------------- release trains

CREATE TABLE git_tag (            -- a tag of a loaded repository, as git has it; filled where a train asks
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  name TEXT NOT NULL,             -- short
  commit_id TEXT NOT NULL,        -- what it leads to, hex
  annotated INTEGER NOT NULL,     -- 0: a light tag, without message and tagger
  message TEXT,                   -- of an annotated one
  tagged_at TEXT                  -- RFC 3339, UTC; of a light one the commit's time; NULL where it is not known
);
CREATE INDEX git_tag_repository ON git_tag(repository);

CREATE TABLE ancestry (           -- an answer: whether one commit is an ancestor of another one
  id INTEGER PRIMARY KEY,
  repository INTEGER NOT NULL,    -- id in repository
  ancestor TEXT NOT NULL,         -- commit id, hex
  descendant TEXT NOT NULL,       -- commit id, hex
  state TEXT NOT NULL,            -- yes | no | unknown
  because TEXT                    -- why unknown, and the way out
);
CREATE INDEX ancestry_descendant ON ancestry(repository, descendant, ancestor);

CREATE TABLE train (              -- one version over many repositories (trains:)
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,         -- of its name in the config
  source_slug TEXT,               -- the repository whose newest tag is the truth; NULL: the newest of all
  since TEXT                      -- the release from which on the promise holds; NULL: from the first
);

CREATE TABLE train_member (       -- a repository of a train
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  place INTEGER NOT NULL,         -- of its slug in the config
  slug TEXT NOT NULL,             -- owner/name
  repository INTEGER,             -- id in repository; NULL: not loaded
  is_source INTEGER NOT NULL,     -- 1: its newest tag is the truth
  has_tags INTEGER NOT NULL,      -- 0: `tag: none`
  tag_shape TEXT,                 -- how its tags are called; NULL: the version alone
  state TEXT NOT NULL,            -- listed: every tag is known | unknown: some may be missing, or all
  because TEXT                    -- why unknown, and the way out
);

CREATE INDEX train_member_repository ON train_member(repository);

CREATE TABLE train_place (        -- where in a member a version stands
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  train_member INTEGER NOT NULL,  -- id in train_member
  place INTEGER NOT NULL,         -- in the config
  file TEXT NOT NULL,             -- path from the member's root; {name} stands for a part of it
  selector TEXT NOT NULL,         -- JSON pointer, or RE2 pattern
  carrier INTEGER NOT NULL,       -- equal where file, pointer and pattern are
  form TEXT NOT NULL              -- manifest (package.json, package-lock.json, pyproject.toml ...) | dotenv | yaml | text, by the file's name
);

CREATE INDEX train_place_member ON train_place(train_member);

CREATE TABLE train_image (        -- an image that every release of a train has in a registry
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  place INTEGER NOT NULL,         -- in the config
  oci_repository TEXT NOT NULL    -- host/path
);

CREATE TABLE train_package (      -- a package, chart or image that every release of a member is published as (trains: … publishes:)
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  train_member INTEGER NOT NULL,  -- id in train_member
  place INTEGER NOT NULL,         -- in the config
  ecosystem TEXT NOT NULL,        -- npm | pypi | go | helm | oci
  package_index TEXT,             -- URL of the index or of the Helm repository; NULL of oci
  package TEXT NOT NULL           -- its name there, of oci host/path; {name} stands for a part
);
CREATE INDEX train_package_member ON train_package(train_member);

CREATE TABLE train_file (         -- a file that a member has for each release (trains: … files:)
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  train_member INTEGER NOT NULL,  -- id in train_member
  place INTEGER NOT NULL,         -- in the config
  file TEXT NOT NULL,             -- path from the member's root, with {version}
  carrier INTEGER NOT NULL        -- as in blob_carried_version, whose part is then the version
);

CREATE TABLE train_docs (         -- where a member keeps the documents of each release (trains: … docs:)
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  train_member INTEGER NOT NULL,  -- id in train_member
  place INTEGER NOT NULL,         -- in the config
  branch TEXT NOT NULL,           -- gh-pages
  folder TEXT NOT NULL            -- path from the root, with {version}
);

CREATE TABLE train_list (         -- a text that names the repositories of a train (trains: … lists:)
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  train_member INTEGER NOT NULL,  -- id in train_member: the one that has the text
  place INTEGER NOT NULL,         -- in the config
  file TEXT NOT NULL,             -- path from its root
  carrier INTEGER NOT NULL        -- as in blob_carried_version, whose value is then a repository
);

CREATE TABLE train_changelog (    -- the changelog of a train, a file of its source
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  place INTEGER NOT NULL,         -- in the config
  file TEXT NOT NULL,             -- path from the source's root
  compares TEXT                   -- all: each release links a comparison for every member with tags; NULL: that is not promised
);

CREATE TABLE release_tag (        -- a tag of a member that is called as its releases are, since the train's beginning
  id INTEGER PRIMARY KEY,
  train INTEGER NOT NULL,         -- id in train
  train_member INTEGER NOT NULL,  -- id in train_member
  git_tag INTEGER NOT NULL,       -- id in git_tag
  tag TEXT NOT NULL,              -- its name
  part TEXT NOT NULL,             -- what {name} stands for; '' without one
  version TEXT NOT NULL,          -- as in the tag
  release TEXT NOT NULL,          -- the numbers of it: 7.6.8 of v7.6.8-rc.1
  release_key TEXT NOT NULL,      -- orders as releases do; equal for one release however it is written
  final_key TEXT NOT NULL,        -- release_key of the release that it is or precedes
  is_candidate INTEGER NOT NULL   -- 1: it precedes the release of its numbers
);
CREATE INDEX release_tag_key ON release_tag(train, part, release_key);

CREATE TABLE tag_carried (        -- a version that a promised place carries at a release tag
  id INTEGER PRIMARY KEY,
  release_tag INTEGER NOT NULL,   -- id in release_tag
  train_place INTEGER NOT NULL,   -- id in train_place
  place INTEGER NOT NULL,         -- of the version at that tag; of the file where it could not be read
  path TEXT NOT NULL,
  value TEXT,                     -- as written there; NULL: the file could not be read
  because TEXT                    -- why it could not be read
);
CREATE INDEX tag_carried_place ON tag_carried(train_place);
