package dev.waybill.csvimport;

import dev.waybill.product.FieldChange;
import java.util.List;

/** The changes of one row to its product. For a dry run, the changes that the row would make. */
record ChangedRow(long row, String sku, List<FieldChange> changes) {}
