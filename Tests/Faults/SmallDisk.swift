import Experiments
import Foundation
import Tensors
#if canImport(Glibc)
import Glibc
#endif

/// Runs whose store lies on a small file system of its own that fills up or may only be read for a while.
struct SmallDisk {
    let bench: Bench
    var random: RandomSource

    /// - Parameter count: faults; every third one makes the file system read-only, the others fill it.
    mutating func perform(_ reference: Reference, count: Int, _ ledger: inout Ledger) throws {
        for number in 0..<count {
            let place = try bench.place("disk")
            defer {
                _ = umount2(place.folder.path, Int32(MNT_DETACH))
                place.remove()
            }
            guard mount("lathe-faults", place.folder.path, "tmpfs", UInt(MS_NOSUID), "size=16m") == 0 else {
                return ledger.say("skipped: a full and a read-only disk, for nothing may be mounted here (\(String(cString: strerror(errno))))")
            }
            number % 3 == 2 ? try makeReadOnly(number, place, reference, &ledger) : try fill(number, place, reference, comesBack: number % 3 == 0, &ledger)
        }
    }

    /// The disk is full from a random moment on; room comes back while the run goes on, or only after its end.
    private mutating func fill(_ number: Int, _ place: Place, _ reference: Reference, comesBack: Bool, _ ledger: inout Ledger) throws {
        let name = "\(reference.method), full disk \(comesBack ? "for two seconds" : "to the end") (trial \(number))"
        ledger.faults["full disk", default: 0] += 1
        let child = try place.start(place.run(reference.method)), filler = place.folder.appendingPathComponent("filler")
        child.pass(random.uniform() * reference.seconds)
        var witnessed = place.committed()
        Self.fillUp(filler, leaving: random.integer(below: 65_536))
        if comesBack { child.pass(2) } else if child.end(within: 120) == nil { ledger.lose("\(name): the program did not end within two minutes") }
        unlink(filler.path)
        if comesBack, child.end(within: 120) == nil { ledger.lose("\(name): the program did not end within two minutes") }
        witnessed += try Self.told(place)
        try check(witnessed, place, reference, name, &ledger)
    }

    private mutating func makeReadOnly(_ number: Int, _ place: Place, _ reference: Reference, _ ledger: inout Ledger) throws {
        let name = "\(reference.method), read-only store (trial \(number))"
        // A file system with open writers cannot be made read-only: the run is killed first.
        let child = try place.start(place.run(reference.method))
        child.pass(random.uniform() * reference.seconds)
        let witnessed = place.committed()
        child.send(SIGKILL)
        _ = child.end(within: 30)
        ledger.faults["read-only store", default: 0] += 1
        guard mount("lathe-faults", place.folder.path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "size=16m") == 0 else {
            return ledger.lose("\(name): the file system cannot be made read-only")
        }
        if let run = witnessed.isEmpty ? nil : reference.method {
            let refused = try Child([place.lathe, "run", run, "--plan", "smoke", "--store", place.store.path], environment: place.environment,
                                    output: bench.folder.appendingPathComponent("refused"))
            if refused.end(within: 60) != 2 { ledger.lose("\(name): a run on a read-only store is not refused") }
        }
        _ = mount("lathe-faults", place.folder.path, "tmpfs", UInt(MS_REMOUNT), "size=16m")
        try check(witnessed + Self.told(place), place, reference, name, &ledger)
    }

    private func check(_ witnessed: [RunEvent], _ place: Place, _ reference: Reference, _ name: String, _ ledger: inout Ledger) throws {
        guard let record = try place.record() else {
            return witnessed.isEmpty ? () : ledger.lose("\(name): \(witnessed.count) events were committed and the run is gone")
        }
        let store = try RunStore(at: place.store)
        try ledger.check(witnessed, areIn: store, run: record.identifier, name)
        store.close()
        try ledger.checkResumed(place, reference, name)
    }

    /// The log may be torn where the disk was full; what stands in it whole was committed.
    private static func told(_ place: Place) throws -> [RunEvent] {
        FileManager.default.fileExists(atPath: place.log.path) ? try EventLog(readingFrom: place.log).events : []
    }

    private static func fillUp(_ file: URL, leaving rest: Int) {
        let descriptor = open(file.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { Glibc.close(descriptor) }
        let block = [UInt8](repeating: 7, count: 4096)
        var size = 0
        while case let count = write(descriptor, block, block.count), count > 0 { size += count }
        ftruncate(descriptor, max(0, size - rest))
    }
}
