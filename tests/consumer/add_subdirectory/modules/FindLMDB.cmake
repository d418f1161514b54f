# A module of the project's own, under a name that zimg has one of, too, and without the target that zimg expects.
set(LMDB_FOUND TRUE)
