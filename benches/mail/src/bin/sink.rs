//! A mail server that takes everything and keeps nothing. Each time COUNT mails have come it prints the seconds from the first of
//! them to the last, and the bytes of one. Usage: sink ADDRESS COUNT

use std::{
    io::{BufRead, BufReader, Result, Write},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    thread,
    time::Instant,
};

/// What has come since the last line was printed.
struct Come {
    mails: usize,
    bytes: usize,
    first: Instant,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (address, count) = (arguments.next().unwrap(), arguments.next().unwrap().parse().unwrap());
    let come: &'static Mutex<Come> =
        Box::leak(Box::new(Mutex::new(Come { mails: 0, bytes: 0, first: Instant::now() })));
    for client in TcpListener::bind(address).unwrap().incoming() {
        // A client that hangs up is no news.
        thread::spawn(move || serve(client?, |bytes| take(come, count, bytes)));
    }
}

fn take(come: &Mutex<Come>, count: usize, bytes: usize) {
    let mut come = come.lock().unwrap();
    if come.mails == 0 {
        come.first = Instant::now();
    }
    come.mails += 1;
    come.bytes += bytes;
    if come.mails == count {
        println!("{:.3} {}", come.first.elapsed().as_secs_f64(), come.bytes / count);
        *come = Come { mails: 0, bytes: 0, first: come.first };
    }
}

fn serve(mut client: TcpStream, took: impl Fn(usize)) -> Result<()> {
    client.set_nodelay(true)?;
    let mut lines = BufReader::new(client.try_clone()?);
    let mut line = Vec::new();
    client.write_all(b"220 sink\r\n")?;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            b"EHLO" => b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            b"DATA" => {
                client.write_all(b"354 go on\r\n")?;
                took(read_mail(&mut lines)?);
                b"250 taken\r\n"
            }
            b"QUIT" => return client.write_all(b"221 bye\r\n"),
            _ => b"250 yes\r\n",
        };
        client.write_all(answer)?;
    }
}

fn read_mail(lines: &mut impl BufRead) -> Result<usize> {
    let (mut line, mut bytes) = (Vec::new(), 0);
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 || line == b".\r\n" {
            return Ok(bytes);
        }
        bytes += line.len();
    }
}
