/** Why something cannot be done, read out at once; nothing if it can. */
export function Warning({ children }: { children: string }) {
  if (!children) return null;
  return (
    <p class="tw-warning" role="alert">
      {children}
    </p>
  );
}
