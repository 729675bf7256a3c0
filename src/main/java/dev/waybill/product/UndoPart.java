package dev.waybill.product;

import java.util.List;

/**
 * One part of an undo: it takes back one chunk of a job, the target.
 *
 * @param undo the transaction ID of the undo
 * @param writing the undo as a writer, and the number of this part
 * @param target the number of the job that is undone
 * @param chunk the chunk of the target
 * @param touched the columns whose old values the target has stored, one bit for each
 * @param created the products that the chunk has created, if the target's journal lists them; no
 *     sku twice
 * @param earlier the numbers of cancelled and failed undos of the target
 * @param standing those of them that were not undone, so that their products are still reversed
 * @param mayRepeat whether the target may have written a product, then another job, and then the
 *     target again
 */
public record UndoPart(
    String undo,
    Writing writing,
    int target,
    long chunk,
    int touched,
    List<String> created,
    List<Integer> earlier,
    List<Integer> standing,
    boolean mayRepeat) {}
