import Experiments
import Foundation
import Tensors
#if canImport(Glibc)
import Glibc
#endif

/// Runs under a clock that goes back: a library before the system's tells the time of day. The machine's own clock stays.
struct ClockBack {
    let bench: Bench
    var random: RandomSource

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>
        static long back(long now) { const char *from = getenv("FAULTS_BACK_FROM"), *by = getenv("FAULTS_BACK_BY"); return from && by && now >= atol(from) ? atol(by) : 0; }
        int clock_gettime(clockid_t clock, struct timespec *time) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, time);
            if (clock == CLOCK_REALTIME) time->tv_sec -= back(time->tv_sec);
            return result;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            (void)zone;
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        """

    /// The clock goes back by a day a moment into the run, the run is killed, and goes on under the true clock.
    mutating func perform(_ reference: Reference, count: Int, _ ledger: inout Ledger) throws {
        let library = bench.folder.appendingPathComponent("clock.so"), text = bench.folder.appendingPathComponent("clock.c")
        try Self.source.write(to: text, atomically: true, encoding: .utf8)
        let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let compiler, try Child([compiler, "-shared", "-fPIC", "-o", library.path, text.path, "-ldl"], environment: ["PATH": "/usr/bin:/bin"],
                                      output: bench.folder.appendingPathComponent("compiler")).end(within: 60) == 0 else {
            return ledger.say("skipped: a clock that goes back, for there is no C compiler")
        }
        for number in 0..<count {
            let place = try bench.place("clock")
            defer { place.remove() }
            let name = "\(reference.method), clock back by a day (trial \(number))"
            ledger.faults["clock back", default: 0] += 1
            let from = Int(Date().timeIntervalSince1970) + random.integer(below: 3)
            let child = try place.start(place.run(reference.method), environment: ["LD_PRELOAD": library.path, "FAULTS_BACK_FROM": "\(from)", "FAULTS_BACK_BY": "86400"])
            child.pass((0.3 + 0.7 * random.uniform()) * reference.seconds)
            var witnessed = place.committed()
            child.send(SIGKILL)
            _ = child.end(within: 30)
            if FileManager.default.fileExists(atPath: place.log.path) { witnessed += try EventLog(readingFrom: place.log).events }
            guard let record = try place.record() else { continue }
            let store = try RunStore(at: place.store)
            try ledger.check(witnessed, areIn: store, run: record.identifier, name)
            store.close()
            try ledger.checkResumed(place, reference, name)
        }
    }
}
