package dev.waybill.sheet;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the XML of a workbook event by event. Needs only a bounded amount of memory for any input.
 * The parser of the JDK is not used, because it keeps every distinct name in the heap, and also
 * whole comments and attribute values. With the JDK's parser, a part of a workbook with many names,
 * or with a huge comment, would exhaust the heap. This reader does not support DTDs, so it supports
 * only the five predefined entities of XML.
 */
final class XmlReader implements Closeable {

  /** The maximum depth of nested elements. In a usual workbook, the depth is about ten. */
  private static final int DEEPEST = 64;

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_VALUE = 32 << 10;
  private static final int MOST_ATTRIBUTES = 64;
  private static final int LONGEST_REFERENCE = 10;

  /** The approximate maximum length, in characters, of the text of one event. */
  private static final int LONGEST_TEXT = 8 << 10;

  private static final int CACHED = 256;

  enum Event {
    START,
    END,
    TEXT,
    DONE
  }

  private final Reader in;
  private final char[] buffer = new char[16 << 10];
  private int at;
  private int limit;

  private final List<String> open = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private final @Nullable String[] cache = new String[CACHED];
  private String name = "";
  private boolean endFollows;
  private boolean inCdata;
  private boolean rootSeen;
  // Whether the last character was CR. If it was CR, an LF that follows belongs to the same line
  // end.
  private boolean afterReturn;

  XmlReader(Reader in) {
    this.in = in;
  }

  /** The local name of the element that starts or ends. */
  String name() {
    return name;
  }

  /** The number of open elements. An element that has just ended does not count. */
  int depth() {
    return open.size();
  }

  /** The value of the attribute with this local name in the element that starts. */
  @Nullable String attribute(String local) {
    int index = names.indexOf(local);
    return index < 0 ? null : values.get(index);
  }

  /** A part of the text between two tags. */
  CharSequence text() {
    return text;
  }

  Event next() throws IOException {
    try {
      return read();
    } catch (CharacterCodingException e) {
      throw malformed("has bytes that are not in its charset");
    }
  }

  private Event read() throws IOException {
    if (endFollows) {
      endFollows = false;
      return end(open.getLast());
    }
    text.setLength(0);
    while (true) {
      int c = inCdata ? ']' : next1();
      if (c < 0) {
        if (!open.isEmpty() || !rootSeen) {
          throw malformed("ends too early");
        }
        return text.isEmpty() ? Event.DONE : Event.TEXT;
      }
      if (inCdata) {
        readCdata();
        return Event.TEXT;
      }
      if (c != '<') {
        if (c == '&') {
          readReference(text);
        } else if (c == '\r') {
          text.append('\n');
        } else if (c != '\n' || !afterReturn) {
          text.append((char) c);
        }
        afterReturn = c == '\r';
        if (text.length() >= LONGEST_TEXT) {
          return Event.TEXT;
        }
      } else if (!text.isEmpty()) {
        at--;
        return Event.TEXT;
      } else {
        Event event = readMarkup();
        if (event != null) {
          return event;
        }
      }
    }
  }

  /**
   * Reads the markup after a {@code <}. Returns null if the markup, such as a comment, is neither a
   * tag nor text.
   */
  private @Nullable Event readMarkup() throws IOException {
    int c = must();
    switch (c) {
      case '?' -> skipTo("?>");
      case '!' -> {
        int kind = must();
        if (kind == '-' && must() == '-') {
          skipTo("-->");
        } else if (kind == '[') {
          for (char expected : "CDATA[".toCharArray()) {
            if (must() != expected) {
              throw malformed("has markup that is not known");
            }
          }
          inCdata = true;
        } else {
          throw malformed("has a document type declaration, which is not allowed");
        }
      }
      case '/' -> {
        String closed = readName(must());
        skipBlanksTo('>');
        if (open.isEmpty() || !open.getLast().equals(closed)) {
          throw malformed("has tags that do not match");
        }
        return end(closed);
      }
      default -> {
        start(c);
        return Event.START;
      }
    }
    return null;
  }

  private Event end(String closed) {
    open.removeLast();
    name = closed;
    return Event.END;
  }

  private void start(int first) throws IOException {
    String tag = readName(first);
    if (open.isEmpty() && rootSeen) {
      throw malformed("has two root elements");
    }
    rootSeen = true;
    if (open.size() >= DEEPEST) {
      throw malformed("has elements that are more than %d deep".formatted(DEEPEST));
    }
    open.add(tag);
    name = tag;
    names.clear();
    values.clear();
    while (true) {
      int c = afterBlanks();
      if (c == '>') {
        return;
      }
      if (c == '/') {
        if (must() != '>') {
          throw malformed("has a tag that is not closed");
        }
        endFollows = true;
        return;
      }
      readAttribute(c);
    }
  }

  private void readAttribute(int first) throws IOException {
    String attribute = readName(first);
    if (afterBlanks() != '=') {
      throw malformed("has an attribute without a value");
    }
    int quote = afterBlanks();
    if (quote != '"' && quote != '\'') {
      throw malformed("has an attribute without quotes");
    }
    word.setLength(0);
    int c;
    while ((c = must()) != quote) {
      if (c == '&') {
        readReference(word);
      } else if (c == '<') {
        throw malformed("has a < in an attribute");
      } else {
        word.append((char) c);
      }
      if (word.length() > LONGEST_VALUE) {
        throw malformed("has an attribute of more than %,d characters".formatted(LONGEST_VALUE));
      }
    }
    if (names.size() < MOST_ATTRIBUTES) {
      names.add(attribute);
      values.add(cached());
    }
  }

  private String readName(int first) throws IOException {
    word.setLength(0);
    int c = first;
    while (c > ' ' && "/>=<\"'&".indexOf(c) < 0) {
      if (c == ':') {
        word.setLength(0);
      } else {
        word.append((char) c);
      }
      if (word.length() > LONGEST_NAME) {
        throw malformed("has a name of more than %d characters".formatted(LONGEST_NAME));
      }
      c = must();
    }
    at--;
    if (word.isEmpty()) {
      throw malformed("has a tag without a name");
    }
    return cached();
  }

  /**
   * The current name or attribute value as a string. If an equal text was read before, reuses the
   * same string.
   */
  private String cached() {
    int hash = 0;
    for (int i = 0; i < word.length(); i++) {
      hash = 31 * hash + word.charAt(i);
    }
    int slot = (hash ^ hash >>> 8) & CACHED - 1;
    String known = cache[slot];
    if (known == null || !known.contentEquals(word)) {
      known = word.toString();
      cache[slot] = known;
    }
    return known;
  }

  private void readReference(StringBuilder to) throws IOException {
    StringBuilder reference = new StringBuilder();
    int c;
    while ((c = must()) != ';') {
      reference.append((char) c);
      if (reference.length() > LONGEST_REFERENCE) {
        throw malformed("has an entity that is not known");
      }
    }
    switch (reference.toString()) {
      case "lt" -> to.append('<');
      case "gt" -> to.append('>');
      case "amp" -> to.append('&');
      case "quot" -> to.append('"');
      case "apos" -> to.append('\'');
      default -> to.appendCodePoint(character(reference.toString()));
    }
  }

  private static int character(String reference) throws SheetException {
    boolean hex = reference.startsWith("#x");
    try {
      int character = Integer.parseInt(reference, hex ? 2 : 1, reference.length(), hex ? 16 : 10);
      if (reference.startsWith("#") && Character.isValidCodePoint(character)) {
        return character;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      // Ignores this exception. The exception that is thrown after this block reports an invalid
      // character reference in the same way as an unknown entity name.
    }
    throw malformed("has an entity that is not known");
  }

  /** Reads the text of a CDATA section up to its end, or up to the maximum length of one event. */
  private void readCdata() throws IOException {
    while (text.length() < LONGEST_TEXT || endsAsCdata()) {
      text.append((char) must());
      int length = text.length();
      if (length >= 3
          && text.charAt(length - 1) == '>'
          && text.charAt(length - 2) == ']'
          && text.charAt(length - 3) == ']') {
        text.setLength(length - 3);
        inCdata = false;
        return;
      }
    }
  }

  private boolean endsAsCdata() {
    // Does not end an event directly after "]". This character can be part of the end mark "]]>".
    // An end mark that is split between two events would not be recognised.
    return text.length() < 2 * LONGEST_TEXT && text.charAt(text.length() - 1) == ']';
  }

  private void skipTo(String end) throws IOException {
    int matched = 0;
    while (matched < end.length()) {
      int c = must();
      if (c == end.charAt(matched)) {
        matched++;
      } else if (!(matched == 2 && end.length() == 3 && c == '-')) {
        matched = c == end.charAt(0) ? 1 : 0;
      }
    }
  }

  private void skipBlanksTo(char expected) throws IOException {
    if (afterBlanks() != expected) {
      throw malformed("has a tag that is not closed");
    }
  }

  private int afterBlanks() throws IOException {
    int c;
    do {
      c = must();
    } while (c <= ' ');
    return c;
  }

  private int must() throws IOException {
    int c = next1();
    if (c < 0) {
      throw malformed("ends too early");
    }
    return c;
  }

  /**
   * Reads the next character; -1 at the end. The caller can always step back by at least one
   * character.
   */
  private int next1() throws IOException {
    if (at == limit) {
      int read = in.read(buffer, 1, buffer.length - 1);
      if (read < 0) {
        return -1;
      }
      if (limit > 0) {
        buffer[0] = buffer[limit - 1];
      }
      at = 1;
      limit = 1 + read;
    }
    return buffer[at++];
  }

  static SheetException malformed(String what) {
    return SheetException.unreadable(
        "The workbook is damaged: its XML %s. Open it in a spreadsheet program and save it again."
            .formatted(what));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
