package dev.waybill.upload;

import dev.waybill.platform.HeapBudget;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The effective limits for uploads. If {@link UploadProperties} has no value for a limit, the limit
 * is computed from the size of the heap.
 */
@Slf4j
@Component
final class UploadLimits {

  /**
   * The maximum heap that one upload takes, in bytes. This memory contains the buffers of the
   * upload's connection, of the multipart reader, of the inflater and of the copy. In addition, it
   * contains 128 KB for the check of the header.
   */
  static final long HEAP_BYTES_EACH = 256 << 10;

  /** The share of the heap that all uploads in progress together may take. */
  static final double HEAP_SHARE = 0.25;

  private static final int MOST_OPEN = 1000;
  private static final int CALLERS_THAT_FILL_IT = 4;

  final int open;
  final int openPerCaller;
  final long largestFile;
  final long stored;
  final long storedPerCaller;

  @Autowired
  UploadLimits(UploadProperties properties) {
    this(properties, HeapBudget.ofThisProcess());
    log.info(
        "Uploads in progress: at most {}, {} of one caller; bytes on disk: at most {}, {} of one"
            + " caller",
        open,
        openPerCaller,
        stored,
        storedPerCaller);
  }

  UploadLimits(UploadProperties properties, HeapBudget heap) {
    open =
        properties.maxOpen() != null
            ? properties.maxOpen()
            : heap.count(HEAP_SHARE, HEAP_BYTES_EACH, MOST_OPEN);
    openPerCaller =
        properties.maxOpenPerCaller() != null
            ? properties.maxOpenPerCaller()
            : Math.max(1, open / CALLERS_THAT_FILL_IT);
    largestFile = properties.maxSize().toBytes();
    stored = Math.max(largestFile, properties.maxStored().toBytes());
    storedPerCaller = Math.max(largestFile, properties.maxStoredPerCaller().toBytes());
  }
}
