package dev.waybill.product;

import java.util.List;

/**
 * One part of an undo. Each part undoes one chunk of a job, which is called the target.
 *
 * @param undo the transaction ID of the undo
 * @param writing the undo as a writer of products; its chunk is the number of this part
 * @param target the number of the job that is undone
 * @param chunk the chunk of the target
 * @param touched the columns whose old values the target has stored, one bit for each column
 * @param created the skus of the products that the chunk has created, if the target's journal lists
 *     them; no sku occurs twice
 * @param earlier the writer numbers of the target's cancelled and failed undos
 * @param standing the writers in {@code earlier} whose undo was not itself undone; the products of
 *     these undos are still reversed
 * @param mayRepeat whether another job may have written a product between two writes of the target
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
