-- The tables of an archive that Kutip 0.1.0 made (format 1), as it made them.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE models (            -- what made the vectors
  model INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL);

CREATE TABLE articles (          -- visible = 0: staged, 2: being made anew
  key INTEGER PRIMARY KEY, article_id TEXT NOT NULL, visible INTEGER NOT NULL,
  passages INTEGER NOT NULL, added_at TEXT NOT NULL,
  origin TEXT NOT NULL,          -- the source whose reading gave the metadata
  title TEXT NOT NULL, published INTEGER, publisher TEXT, folded TEXT, language TEXT,
  metadata TEXT NOT NULL,        -- in force, JSON; the line above is drawn from it
  as_read TEXT NOT NULL,         -- before corrections, JSON
  text BLOB NOT NULL, removed BLOB NOT NULL,
  UNIQUE (article_id, visible));
CREATE INDEX articles_in_order
  ON articles (visible, COALESCE(-published, 1), title, article_id);
CREATE INDEX articles_in_number ON articles (visible, passages);

CREATE TABLE sources (
  source_id TEXT PRIMARY KEY, source TEXT NOT NULL, digest TEXT NOT NULL,
  article_id TEXT NOT NULL, raw BLOB NOT NULL, noted_at TEXT NOT NULL);
CREATE INDEX sources_of_article ON sources (article_id);
CREATE TABLE staged (            -- rows of sources that become true with the staged articles
  source_id TEXT PRIMARY KEY, source TEXT NOT NULL, digest TEXT NOT NULL,
  article_id TEXT NOT NULL, raw BLOB NOT NULL, noted_at TEXT NOT NULL);

CREATE TABLE corrections (       -- a person's word; NULL where nothing was corrected
  article_id TEXT PRIMARY KEY, title TEXT, publisher TEXT, published TEXT);

CREATE TABLE passages (
  key INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (key),
  passage_id TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  context_hash BLOB NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, terms TEXT NOT NULL,
  UNIQUE (article, passage_id));
CREATE INDEX passages_by_id ON passages (passage_id);
CREATE INDEX passages_by_context ON passages (context_hash);

CREATE TABLE vectors (           -- float32, unit length, little-endian
  model INTEGER NOT NULL REFERENCES models (model), context_hash BLOB NOT NULL,
  vector BLOB NOT NULL, PRIMARY KEY (model, context_hash));

CREATE TABLE tombstones (        -- gone from here, perhaps still in the vector index
  passage_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE refresh (           -- their metadata in the vector index is old
  article_id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE VIEW searchable (key, terms) AS
  SELECT p.key, p.terms FROM passages p JOIN articles a ON a.key = p.article WHERE a.visible = 1;
CREATE VIRTUAL TABLE lexicon USING fts5 (   -- keeps no copy of the terms: the view has them
  terms, content = 'searchable', content_rowid = 'key',
  tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'");
CREATE VIRTUAL TABLE lexicon_terms USING fts5vocab (lexicon, row);
