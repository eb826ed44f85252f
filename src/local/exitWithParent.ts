/** Preloaded into a script that is to end when the process that forked it does. */
process.on('disconnect', () => process.exit(1));
// Listening alone would keep the script from ending by itself.
process.channel?.unref();
