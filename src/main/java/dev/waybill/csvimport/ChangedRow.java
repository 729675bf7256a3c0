package dev.waybill.csvimport;

import dev.waybill.product.FieldChange;
import java.util.List;

/** What a row has changed in its product, or in a dry run would change. */
record ChangedRow(long row, String sku, List<FieldChange> changes) {}
