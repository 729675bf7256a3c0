/**
 * Copies the text of an element. Without HTTPS and away from localhost a page has no clipboard API,
 * so the text is copied by selecting it.
 */
export async function copyText(element) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      // not permitted: copy by selection instead
    }
  }
  const selection = getSelection();
  selection.selectAllChildren(element);
  const copied = document.execCommand('copy');
  if (copied) {
    selection.removeAllRanges();
  }
  return copied;
}
