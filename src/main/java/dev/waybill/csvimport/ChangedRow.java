package dev.waybill.csvimport;

import dev.waybill.product.FieldChange;
import java.util.List;

/** What one row changed in its product. For a dry run: what it would change. */
record ChangedRow(long row, String sku, List<FieldChange> changes) {}
