import Foundation
import Synchronization
import Terminal

/// A terminal pair of the system: the driver has one end, the test plays the terminal at the other.
final class PseudoTerminal: Sendable {
    let terminal: Int32
    private let screen: Int32
    private let received = Mutex<[UInt8]>([])
    private let isReading = Atomic<Bool>(true)
    private let queue = DispatchQueue(label: "pseudo-terminal")

    init?(size: Size) {
        var ends: (screen: Int32, terminal: Int32) = (-1, -1)
        guard openpty(&ends.screen, &ends.terminal, nil, nil, nil) == 0 else { return nil }
        screen = ends.screen
        terminal = ends.terminal
        resize(size)
        queue.async { self.readAll() }
    }

    /// Ends the reader and closes both ends.
    func close() {
        isReading.store(false, ordering: .releasing)
        queue.sync {}
        _ = Foundation.close(terminal)
        _ = Foundation.close(screen)
    }

    private func readAll() {
        while isReading.load(ordering: .acquiring) {
            var entry = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 10) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(screen, &bytes, bytes.count)
            guard count > 0 else { return }
            received.withLock { $0 += bytes[..<count] }
        }
    }

    /// Stops taking what the program sends, as a terminal under ctrl-s does; true lets it go on.
    func setReading(_ isOn: Bool) {
        if isOn {
            isReading.store(true, ordering: .releasing)
            queue.async { self.readAll() }
        } else {
            isReading.store(false, ordering: .releasing)
            queue.sync {}
        }
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(screen, bytes, bytes.count)
    }

    func resize(_ size: Size) {
        var window = winsize(ws_row: UInt16(size.height), ws_col: UInt16(size.width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(screen, UInt(TIOCSWINSZ), &window)
    }

    var byteCount: Int { received.withLock { $0.count } }

    /// What a terminal of that size shows after all that was sent.
    func model(_ size: Size) -> ModelTerminal {
        var model = ModelTerminal(size: size)
        model.feed(String(decoding: received.withLock { $0 }, as: UTF8.self))
        return model
    }

    /// The modes of the line, to be compared.
    var modes: [UInt32] {
        var modes = termios()
        guard tcgetattr(terminal, &modes) == 0 else { return [] }
        return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
    }
}
