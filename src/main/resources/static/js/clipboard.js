/** Copies an element's text. Away from HTTPS and localhost there is no clipboard but by selection. */
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
