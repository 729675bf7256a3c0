package dev.waybill.csv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of files that people upload by mistake. Each kind is recognised by its first bytes. */
enum FileSignature {
  ZIP("a ZIP archive or an XLSX workbook", "PK\3\4"),
  EMPTY_ZIP("an empty ZIP archive", "PK\5\6"),
  OLE(
      "an old XLS workbook, one with a password, or another old Office document",
      "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1"),
  PDF("a PDF", "%PDF-"),
  PNG("a PNG image", "\u0089PNG\r\n\u001A\n"),
  JPEG("a JPEG image", "\u00FF\u00D8\u00FF"),
  GIF_87("a GIF image", "GIF87a"),
  GIF_89("a GIF image", "GIF89a"),
  GZIP("a gzip file", "\u001F\u008B\b"),
  BZIP2("a bzip2 file", "BZh91AY&SY"),
  XZ("an xz file", "\u00FD7zXZ\0"),
  ZSTD("a Zstandard file", "(\u00B5/\u00FD"),
  SEVEN_ZIP("a 7z archive", "7z\u00BC\u00AF'\u001C"),
  RAR("a RAR archive", "Rar!\u001A\7"),
  SQLITE("an SQLite database", "SQLite format 3\0"),
  PARQUET("a Parquet file", "PAR1"),
  RTF("an RTF document", "{\\rtf"),
  ELF("a program", "\u007FELF");

  /** The length of the longest signature, in bytes. */
  static final int LENGTH = 16;

  private final String what;
  private final byte[] bytes;

  /**
   * @param signature one character for each byte
   */
  FileSignature(String what, String signature) {
    this.what = what;
    this.bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The name of the kind, for use inside a sentence. */
  String what() {
    return what;
  }

  static Optional<FileSignature> of(byte[] head, int length) {
    return Arrays.stream(values()).filter(known -> known.starts(head, length)).findFirst();
  }

  private boolean starts(byte[] head, int length) {
    return length >= bytes.length && Arrays.equals(head, 0, bytes.length, bytes, 0, bytes.length);
  }
}
