const CHECK_MS = 250;

/** Calls back once the process that started this one is gone: rover may be killed without a warning. */
export function onEndOfParent(callBack: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callBack();
  }, CHECK_MS);
  timer.unref();
}
