package dev.waybill.upload;

import dev.waybill.csv.DeclaredCharset;
import dev.waybill.problem.Problem;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The way in which the body of an upload contains the file. */
sealed interface UploadForm {

  /** The content types of a body that is the file itself. */
  Set<String> FILES =
      Set.of(
          "text/csv",
          "text/tab-separated-values",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/zip");

  Pattern CHARSET =
      Pattern.compile("(;\\s*charset\\s*=\\s*)\"?([^\";\\s]+)\"?", Pattern.CASE_INSENSITIVE);

  /** Whether the request declares that its whole body is gzip. */
  boolean saidToBeGzip();

  /**
   * The body is the file itself.
   *
   * @param charset the charset that the content type declares, or null
   */
  record Raw(boolean saidToBeGzip, @Nullable Charset charset) implements UploadForm {}

  /** The file is one part of a multipart body. */
  record Multipart(boolean saidToBeGzip, String boundary) implements UploadForm {}

  /**
   * Reads the form from the headers of the request.
   *
   * @throws Problem 415 {@code media-type}; the detail explains how to send a file
   */
  static UploadForm of(@Nullable String contentType, @Nullable String contentEncoding) {
    boolean gzip = saysGzip(contentEncoding);
    MediaType type = parse(contentType);
    if (type != null && type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)) {
      String boundary = type.getParameter("boundary");
      if (boundary == null || unquoted(boundary).isEmpty()) {
        throw mediaType("The multipart Content-Type names no boundary");
      }
      return new Multipart(gzip, unquoted(boundary));
    }
    if (type != null && FILES.contains(type.getType() + "/" + type.getSubtype())) {
      return new Raw(gzip, charset(type));
    }
    throw mediaType(
        contentType == null
            ? "The request has no Content-Type"
            : "Content-Type %s carries no file".formatted(contentType));
  }

  /** The charset that a content type declares; null if it declares no charset or an unknown one. */
  static @Nullable Charset charset(@Nullable MediaType type) {
    String declared = type == null ? null : type.getParameter("charset");
    return declared == null ? null : DeclaredCharset.named(unquoted(declared)).orElse(null);
  }

  private static boolean saysGzip(@Nullable String contentEncoding) {
    return switch (contentEncoding == null
        ? "identity"
        : contentEncoding.strip().toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> true;
      case "identity", "" -> false;
      default ->
          throw mediaType(
              "Content-Encoding %s is not understood, only gzip is".formatted(contentEncoding));
    };
  }

  /**
   * Parses a content type. If Java does not know the name of the charset, such as {@code
   * macintosh}, replaces this name with the name that Java uses for the charset.
   */
  static @Nullable MediaType parse(@Nullable String contentType) {
    try {
      return contentType == null
          ? null
          : MediaType.parseMediaType(
              CHARSET
                  .matcher(contentType)
                  .replaceFirst(
                      found ->
                          DeclaredCharset.named(found.group(2))
                              .map(charset -> found.group(1) + charset.name())
                              .orElse("$0")));
    } catch (InvalidMediaTypeException e) {
      return null;
    }
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private static Problem mediaType(String what) {
    return Problem.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "media-type",
        "The body is not a file that can be imported",
        what
            + ". Send the CSV itself, plain or gzip, as the multipart part \"file\" (curl -F"
            + " file=@products.csv <this address>) or as a body of type text/csv (curl -H"
            + " 'Content-Type: text/csv' --data-binary @products.csv"
            + " '<this address>?fileName=products.csv').");
  }
}
