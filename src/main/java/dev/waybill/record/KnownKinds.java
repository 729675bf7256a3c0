package dev.waybill.record;

import java.util.Optional;

/** Finds a kind of record by its name. */
@FunctionalInterface
interface KnownKinds {

  Optional<RecordKind> find(String kind);
}
