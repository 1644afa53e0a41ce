import { elsewhere } from './errors.ts'
import { requireSchemaName } from './options.ts'

/** How many records a partition of the table has room for. Whole ones are dropped, which costs the same however much is in them. */
const partitionLength = 100_000

/** One step of the schema; what was released is never changed, so that each is run once. */
type Migration = (schema: string) => string

const migrations: readonly Migration[] = [
  (schema) => `
CREATE TABLE ${schema}.log (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  epoch text NOT NULL,
  first_offset bigint NOT NULL DEFAULT 1,
  head bigint NOT NULL DEFAULT 0,
  -- Tags of the records at head and at first_offset - 1; NULL where there is none.
  head_tag text,
  first_tag text,
  -- Up to which offset partitions have room.
  room bigint NOT NULL DEFAULT 0
);

CREATE TABLE ${schema}.records (
  "offset" bigint PRIMARY KEY,
  topic text NOT NULL,
  event text NOT NULL,
  version integer NOT NULL,
  time bigint NOT NULL,
  data text NOT NULL,
  key text,
  trace text,
  tag text NOT NULL,
  appended_at timestamptz NOT NULL
) PARTITION BY RANGE ("offset");

CREATE TABLE ${schema}.keys (
  key text PRIMARY KEY,
  "offset" bigint NOT NULL,
  tag text NOT NULL
);
CREATE INDEX ON ${schema}.keys ("offset");

-- What transactions of applications have published. It gets its place in the log once they have committed.
CREATE TABLE ${schema}.pending (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  event text NOT NULL,
  version integer NOT NULL,
  time bigint NOT NULL,
  data text NOT NULL,
  key text,
  trace text
);

-- The life of the log, held until the end of the transaction: all that changes the log does so one after the other.
CREATE FUNCTION ${schema}.hold_log(fresh text) RETURNS ${schema}.log LANGUAGE plpgsql AS $$
DECLARE held ${schema}.log;
BEGIN
  SELECT * INTO held FROM ${schema}.log FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO ${schema}.log (epoch) VALUES (fresh) ON CONFLICT DO NOTHING;
    SELECT * INTO held FROM ${schema}.log FOR UPDATE;
  END IF;
  RETURN held;
END $$;

CREATE FUNCTION ${schema}.tag_at(held ${schema}.log, place bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN place = held.head THEN held.head_tag
    WHEN place = held.first_offset - 1 THEN held.first_tag
    ELSE (SELECT tag FROM ${schema}.records WHERE "offset" = place)
  END
$$;

-- Gives places to what transactions have published, and then to what is given, as an array of each column. Answers the epoch, and the
-- place of the first where they follow each other with the tag that was given, or else of each its place and tag.
CREATE FUNCTION ${schema}.append(
  fresh text, fresh_tag text,
  topics text[], events text[], versions integer[], times bigint[], datas text[], keys text[], traces text[],
  OUT epoch text, OUT first_place bigint, OUT places json
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  held ${schema}.log := ${schema}.hold_log(fresh);
  waiting bigint := (SELECT count(*) FROM ${schema}.pending);
  added bigint := coalesce(cardinality(topics), 0);
BEGIN
  -- Room is made before it is needed: what commits while this runs comes with the next append.
  WHILE held.room < held.head + waiting + added + 10000 LOOP
    EXECUTE format('CREATE TABLE ${schema}.records_%s PARTITION OF ${schema}.records FOR VALUES FROM (%s) TO (%s)',
      held.room + 1, held.room + 1, held.room + 1 + ${partitionLength});
    held.room := held.room + ${partitionLength};
    UPDATE ${schema}.log SET room = held.room;
  END LOOP;

  IF waiting = 0 AND keys IS NULL THEN
    -- All are new, and nothing stands before them.
    first_place := held.head + 1;
    INSERT INTO ${schema}.records
    SELECT held.head + n, topic, event, version, time, data, NULL, trace, fresh_tag, clock_timestamp()
    FROM unnest(topics, events, versions, times, datas, traces) WITH ORDINALITY AS given (topic, event, version, time, data, trace, n);
  ELSE
    WITH committed AS (
      DELETE FROM ${schema}.pending RETURNING *
    ), incoming AS (
      SELECT id AS n, false AS was_given, topic, event, version, time, data, key, trace FROM committed
      UNION ALL
      SELECT n, true, topic, event, version, time, data, key, trace
      FROM unnest(topics, events, versions, times, datas, keys, traces) WITH ORDINALITY
        AS given (topic, event, version, time, data, key, trace, n)
    ), judged AS (
      SELECT incoming.*, known."offset" AS known_offset, known.tag AS known_tag,
        known."offset" IS NULL AND (incoming.key IS NULL OR row_number() OVER (PARTITION BY incoming.key ORDER BY was_given, n) = 1) AS is_new
      FROM incoming LEFT JOIN ${schema}.keys AS known ON known.key = incoming.key
    ), placed AS (
      SELECT *, CASE WHEN is_new THEN held.head + count(*) FILTER (WHERE is_new) OVER (ORDER BY was_given, n) END AS new_offset FROM judged
    ), kept AS (
      INSERT INTO ${schema}.records
      SELECT new_offset, topic, event, version, time, data, key, trace, fresh_tag, clock_timestamp() FROM placed WHERE is_new ORDER BY new_offset
    ), keyed AS (
      INSERT INTO ${schema}.keys SELECT key, new_offset, fresh_tag FROM placed WHERE is_new AND key IS NOT NULL
    ), answered AS (
      SELECT n, was_given, new_offset,
        coalesce(known_offset, new_offset, min(new_offset) OVER (PARTITION BY key)) AS place,
        coalesce(known_tag, fresh_tag) AS tag
      FROM placed
    )
    SELECT coalesce(json_agg(json_build_array(place, tag) ORDER BY n) FILTER (WHERE was_given), '[]'), count(new_offset)
    INTO places, added FROM answered;
  END IF;

  IF added > 0 THEN
    UPDATE ${schema}.log SET head = held.head + added, head_tag = fresh_tag;
    PERFORM pg_notify('${schema}', '');
  END IF;
  epoch := held.epoch;
END $$;

-- Forgets what lies below an offset, keys and whole partitions with it.
CREATE FUNCTION ${schema}.forget(held ${schema}.log, keep_from bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  until bigint := least(keep_from, held.head + 1);
  old text;
BEGIN
  IF until <= held.first_offset THEN RETURN; END IF;
  UPDATE ${schema}.log SET first_offset = until, first_tag = ${schema}.tag_at(held, until - 1);
  DELETE FROM ${schema}.keys WHERE "offset" < until;
  FOR old IN
    SELECT child.relname FROM pg_inherits
    JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = '${schema}.records'::regclass
      AND substring(child.relname FROM '\\d+$')::bigint + ${partitionLength} <= until
  LOOP
    EXECUTE format('DROP TABLE ${schema}.%I', old);
  END LOOP;
END $$;

-- Forgets what is too much or too old.
CREATE FUNCTION ${schema}.retain(fresh text, most bigint, age_ms double precision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held ${schema}.log := ${schema}.hold_log(fresh);
  low bigint := held.first_offset;
  high bigint := held.head + 1;
  middle bigint;
  oldest timestamptz := clock_timestamp() - age_ms * interval '1 millisecond';
BEGIN
  -- By halves: the oldest come first.
  WHILE age_ms IS NOT NULL AND low < high LOOP
    middle := (low + high) / 2;
    IF (SELECT appended_at < oldest FROM ${schema}.records WHERE "offset" = middle) THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  PERFORM ${schema}.forget(held, greatest(low, held.head - most + 1));
END $$;

-- Changes the epoch unless the log has a place, or is in another epoch already. Answers whether the epoch is another one now.
CREATE FUNCTION ${schema}.renew(fresh text, lost_epoch text, lost_offset bigint, lost_tag text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE held ${schema}.log := ${schema}.hold_log(fresh);
BEGIN
  IF held.epoch <> lost_epoch THEN RETURN true; END IF;
  IF lost_offset < held.first_offset - 1 THEN RETURN false; END IF;
  IF lost_offset <= held.head AND (lost_tag IS NULL OR lost_tag IS NOT DISTINCT FROM ${schema}.tag_at(held, lost_offset)) THEN
    RETURN false;
  END IF;
  UPDATE ${schema}.log SET epoch = fresh;
  PERFORM pg_notify('${schema}', '');
  RETURN true;
END $$;

-- Forgets everything and begins a new life.
CREATE FUNCTION ${schema}.restart(fresh text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held ${schema}.log := ${schema}.hold_log(fresh);
  old regclass;
BEGIN
  FOR old IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '${schema}.records'::regclass LOOP
    EXECUTE format('DROP TABLE %s', old);
  END LOOP;
  DELETE FROM ${schema}.keys;
  UPDATE ${schema}.log SET epoch = fresh, first_offset = 1, head = 0, head_tag = NULL, first_tag = NULL, room = 0;
  PERFORM pg_notify('${schema}', '');
END $$;
`,
  (schema) => `
-- Which log this is, for as long as the schema is there. What an application's transaction is asked before it publishes: elsewhere a log may have the same name.
DO $identity$
BEGIN
  EXECUTE format('CREATE FUNCTION ${schema}.identity() RETURNS text LANGUAGE sql IMMUTABLE AS %L', format('SELECT %L::text', gen_random_uuid()));
END $identity$;

CREATE FUNCTION ${schema}.require_identity(wanted text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF wanted IS DISTINCT FROM ${schema}.identity() THEN
    RAISE EXCEPTION 'The transaction is in another database than the log that its events are for' USING ERRCODE = '${elsewhere}';
  END IF;
  RETURN true;
END $$;
`,
]

/** The format that this version of the package reads and writes. */
export const format = migrations.length

/**
 * The SQL that makes a log's schema, or brings it to the present format, for those who run their migrations themselves (`migrate: false`).
 * Running it again changes nothing.
 *
 * @throws TypeError for a schema's name that is none
 */
export function postgresSchema({ schema = 'millrace' }: { readonly schema?: string } = {}): string {
  requireSchemaName(schema)
  const steps = migrations.map(
    (migration, index) => `
  IF (SELECT max(number) FROM ${schema}.migrations) IS NOT DISTINCT FROM ${index === 0 ? 'NULL' : index} THEN
    EXECUTE $migration$${migration(schema)}$migration$;
    INSERT INTO ${schema}.migrations (number) VALUES (${index + 1});
  END IF;`,
  )
  return `DO $all$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('millrace.${schema}'));
  -- Not IF NOT EXISTS, which may remember from before the lock that there is none.
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '${schema}') THEN
    CREATE SCHEMA ${schema};
  END IF;
  CREATE TABLE IF NOT EXISTS ${schema}.migrations (number integer PRIMARY KEY, run_at timestamptz NOT NULL DEFAULT now());
  IF (SELECT max(number) FROM ${schema}.migrations) > ${format} THEN
    RAISE EXCEPTION 'A later version wrote this log' USING ERRCODE = 'XXMR1';
  END IF;${steps.join('')}
END $all$;
`
}
