/** Toasts of the shell, and those that components ask for by event. */
import Toast from 'lightning/toast';
import ToastContainer from 'lightning/toastContainer';
import type { ToastOptions } from 'lightning/platformShowToastEvent';

type ToastVariant = 'info' | 'success' | 'warning' | 'error';

/** Shows a toast; success and info go away by themselves. */
export function showToast(label: string, variant: ToastVariant = 'success', message?: string): void {
  Toast.show({ label, message: message ?? '', variant, mode: variant === 'error' ? 'sticky' : 'dismissible' });
}

/** Shows what a ShowToastEvent asks for. `messageData` fills {0}, {1} … in the message, with links where it has URLs. */
export function showEventToast({
  title,
  message,
  messageData = [],
  variant = 'info',
  mode = 'dismissible',
}: ToastOptions): void {
  const links = Object.fromEntries(
    messageData.flatMap((part, index) =>
      typeof part === 'object' ? [[String(index), { url: part.url, label: part.label }]] : [],
    ),
  );
  const filled = messageData.reduce<string>(
    (text, part, index) => (typeof part === 'string' ? text.replaceAll(`{${index}}`, part) : text),
    message ?? '',
  );
  Toast.show({
    label: title || filled,
    message: title ? filled : '',
    ...(Object.keys(links).length > 0 ? { messageLinks: links } : {}),
    variant,
    mode: mode === 'sticky' ? 'sticky' : 'dismissible',
  });
}

/** Puts the container where the platform has it; call once. */
export function placeToasts(): void {
  const container = ToastContainer.instance();
  container.maxToasts = 5;
  container.toastPosition = 'top-center';
}
