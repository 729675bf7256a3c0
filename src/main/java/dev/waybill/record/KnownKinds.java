package dev.waybill.record;

import java.util.Optional;

/** The kinds of records by their names. */
@FunctionalInterface
interface KnownKinds {

  Optional<RecordKind> find(String kind);
}
