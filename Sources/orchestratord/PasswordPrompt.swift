// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Asks for a password, so that it stands in no argument, where every process of the machine could read it.
enum PasswordPrompt {
    /// The password: typed twice without being shown, or the first line of standard input when that is no terminal.
    static func read() throws(CommandError) -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        let first = try silently("Password: ")
        guard try silently("Again: ") == first else {
            throw CommandError(.usage, "the two passwords differ")
        }
        return first
    }

    private static func line() throws(CommandError) -> String {
        guard let line = readLine() else {
            throw CommandError(.usage, "no password was given on standard input")
        }
        return line
    }

    private static func silently(_ prompt: String) throws(CommandError) -> String {
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            complain("")
        }
        write(STDERR_FILENO, prompt, prompt.utf8.count)
        return try line()
    }
}
