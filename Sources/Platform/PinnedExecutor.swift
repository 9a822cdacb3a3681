// A thread of its own for an actor that owns a C handle.
// In: the actor's jobs, from any thread. Out: each run in order, one at a time, always on the same named thread.

import Foundation

/// A serial executor on one thread of its own: no processor affinity, no real-time scheduling.
///
/// Long computations inside a C library then neither block the threads that all actors share nor move between threads.
/// An actor keeps it in a property and returns it as its `unownedExecutor`. The thread ends after its last job, once
/// nobody holds the executor any more; every job in the queue holds it, so no job is ever lost.
public final class PinnedExecutor: SerialExecutor {
    private let inbox: Inbox

    /// Starts the thread.
    /// - Parameters:
    ///   - name: what `top -H` and debuggers show; Linux keeps the first 15 bytes.
    ///   - stackSize: in bytes. Decoders and codecs put large buffers on the stack, so more than a pool thread's 512 kB.
    public init(name: String, stackSize: Int = 2 << 20) {
        let inbox = Inbox()
        self.inbox = inbox
        let thread = Thread { inbox.runUntilClosed() }
        thread.stackSize = stackSize
        thread.start()
        // After the start: Foundation passes a name on to the system only for a thread that it knows to run.
        thread.name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
    }

    deinit { inbox.close() }

    /// Puts a job of the actor behind those that wait.
    public func enqueue(_ job: consuming ExecutorJob) {
        inbox.add(Inbox.Entry(job: UnownedJob(job), executor: self))
    }

    /// What an actor returns as its `unownedExecutor`.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Traps when called from any thread but this executor's own.
    public func checkIsolated() {
        precondition(inbox.isCurrentThread, "an actor's C handle was touched from a thread that does not own it")
    }
}

/// The jobs that wait, and the loop that runs them. Apart from the executor so that the thread does not keep it alive.
///
/// Unbounded on purpose: the concurrency runtime offers no way to refuse a job. Who calls the actor bounds its own work.
///
/// `@unchecked Sendable`: `waiting`, `isClosed` and `owner` are touched only while `condition` is locked.
private final class Inbox: @unchecked Sendable {
    struct Entry {
        let job: UnownedJob
        /// Held until the job has run: the job may release the actor, and with it the executor, it runs on.
        let executor: PinnedExecutor
    }

    private let condition = NSCondition()
    private var waiting: [Entry] = []
    private var isClosed = false
    private var owner: pthread_t?

    var isCurrentThread: Bool {
        condition.withLock { owner.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    func add(_ entry: Entry) {
        condition.withLock {
            waiting.append(entry)
            condition.signal()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }

    func runUntilClosed() {
        condition.withLock { owner = pthread_self() }
        while let batch = next() {
            for entry in batch {
                unsafe entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
            }
        }
    }

    private func next() -> [Entry]? {
        condition.withLock {
            while waiting.isEmpty {
                if isClosed { return nil }
                condition.wait()
            }
            defer { waiting.removeAll(keepingCapacity: true) }
            return waiting
        }
    }
}
