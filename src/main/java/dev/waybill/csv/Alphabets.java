package dev.waybill.csv;

import java.util.List;
import java.util.Locale;

/** The non-ASCII letters of languages that use the Latin script. */
enum Alphabets {
  GERMAN("äöüß"),
  FRENCH("àâæçéèêëîïôœùûüÿ"),
  SPANISH("áéíñóúüçºª"),
  ITALIAN("àèéìíòóù"),
  PORTUGUESE("ãáàâçéêíóôõúüºª"),
  DUTCH("éëïóöüèáí"),
  CATALAN("àçèéíïòóúü"),
  SWEDISH("åäöéü"),
  DANISH("æøåéöä"),
  ICELANDIC("áðéíóúýþæö"),
  ESTONIAN("äõöüšž"),
  POLISH("ąćęłńóśźż"),
  CZECH("áčďéěíňóřšťúůýž"),
  SLOVAK("áäčďéíĺľňóôŕšťúýž"),
  HUNGARIAN("áéíóöőúüű"),
  CROATIAN("čćđšž"),
  ROMANIAN("ăâîșțşţ"),
  ALBANIAN("çë"),
  TURKISH("çğıİöşüâîû"),
  LITHUANIAN("ąčęėįšųūž"),
  LATVIAN("āčēģīķļņšūž");

  private final String letters;

  Alphabets(String lower) {
    this.letters = lower + lower.replace("ß", "").toUpperCase(Locale.ROOT);
  }

  private boolean has(int letter) {
    return letters.indexOf(letter) >= 0;
  }

  /**
   * Compares the given letters with the alphabet of each language. Returns the largest share (0 to
   * 1) of the letters that is in one alphabet.
   */
  static double bestFit(List<Integer> letters) {
    double best = 0;
    for (Alphabets language : values()) {
      double fitting = letters.stream().filter(language::has).count();
      best = Math.max(best, fitting / letters.size());
    }
    return best;
  }
}
