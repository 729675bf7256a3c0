package dev.waybill.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.FastByteArrayOutputStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends answers in JSON whose size depends on the stored data. Each answer is built completely in
 * memory, within the limit of {@link AnswerMemory}, before it is sent. So the answer has a {@code
 * Content-Length}, and a failure during the build can still be answered with a problem.
 */
@Component
@RequiredArgsConstructor
public class AnswerJson {

  /**
   * The size, in bytes, at which a page ends early. The property {@code next} of such a page has
   * the cursor of the next page.
   */
  private static final int PAGE_BYTES = 4 << 20;

  private final AnswerMemory memory;
  private final JsonMapper json;

  /** The source of the items of a page. */
  public interface Items<T> {

    /**
     * Returns the next items, in their order.
     *
     * @param last the last item that was read, or null for the first call
     * @param most the maximum number of items to return; the source may return fewer, even before
     *     the end
     * @return the items; empty only at the end. The source itself limits the size of the items in
     *     bytes
     */
    List<T> after(@Nullable T last, int most);
  }

  /**
   * Answers with a page. The page has the property {@code items}, and the property {@code next}
   * with the cursor of the next page. On the last page, {@code next} is null. A page has at least
   * one item, even if this item is very large, unless there are no items.
   *
   * @param limit the maximum number of items of the page
   * @param cursor returns the cursor after an item
   * @param shown returns the JSON form of an item
   * @param notes the additional properties of the page
   */
  public <T> void page(
      HttpServletRequest request,
      HttpServletResponse response,
      int limit,
      Items<T> items,
      Function<T, Object> cursor,
      Function<T, ?> shown,
      Map<String, ?> notes)
      throws IOException {
    answer(
        request, response, PAGE_BYTES, out -> writePage(out, limit, items, cursor, shown, notes));
  }

  /**
   * Answers with one value. The supplier runs while memory for the answer is reserved, so it may
   * read large data.
   */
  public void value(HttpServletRequest request, HttpServletResponse response, Supplier<?> value)
      throws IOException {
    answer(request, response, 0, out -> out.write(json.writeValueAsBytes(value.get())));
  }

  private void answer(
      HttpServletRequest request, HttpServletResponse response, int bytes, AnswerMemory.Part part)
      throws IOException {
    memory.answer(Caller.of(request), bytes, part, built -> send(response, built));
  }

  private static void send(HttpServletResponse response, FastByteArrayOutputStream built)
      throws IOException {
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(built.size());
    built.writeTo(response.getOutputStream());
  }

  private <T> void writePage(
      OutputStream out,
      int limit,
      Items<T> items,
      Function<T, Object> cursor,
      Function<T, ?> shown,
      Map<String, ?> notes)
      throws IOException {
    long bytes = 0;
    int count = 0;
    T last = null;
    boolean more = false;
    out.write("{\"items\":[".getBytes(UTF_8));
    List<T> found;
    while (!more && !(found = items.after(last, limit - count + 1)).isEmpty()) {
      for (T item : found) {
        byte[] encoded = json.writeValueAsBytes(shown.apply(item));
        more = count == limit || count > 0 && bytes + encoded.length > PAGE_BYTES;
        if (more) {
          break;
        }
        if (count++ > 0) {
          out.write(',');
        }
        out.write(encoded);
        bytes += encoded.length;
        last = item;
      }
    }
    out.write("],\"next\":".getBytes(UTF_8));
    String next = more && last != null ? cursor.apply(last).toString() : null;
    out.write(json.writeValueAsBytes(next));
    for (Map.Entry<String, ?> note : notes.entrySet()) {
      out.write(',');
      out.write(json.writeValueAsBytes(note.getKey()));
      out.write(':');
      out.write(json.writeValueAsBytes(note.getValue()));
    }
    out.write('}');
  }
}
