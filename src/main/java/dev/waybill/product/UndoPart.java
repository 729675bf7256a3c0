package dev.waybill.product;

import java.util.List;

/**
 * A part of the work of a job that is to be taken back: one of its chunks.
 *
 * @param undo the transaction ID of the undo
 * @param writing the undo as a writer, and the number of this part
 * @param target the number of the job that is undone
 * @param chunk of the target
 * @param touched the columns whose old values the target has kept, one bit each
 * @param created the products that the chunk created, as far as the target's journal lists them;
 *     none twice
 * @param earlier the numbers of cancelled and failed undos of the target
 * @param mayRepeat whether the target may have written a product again that another job had written
 *     meanwhile
 */
public record UndoPart(
    String undo,
    Writing writing,
    int target,
    long chunk,
    int touched,
    List<String> created,
    List<Integer> earlier,
    boolean mayRepeat) {}
